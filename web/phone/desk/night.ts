// Dark from seven in the evening to seven in the morning, unless the worker has said otherwise.
import { computed, ref } from "vue";

import { state } from "../state";

const NAME = "bulou-night";
const chosen = ref(read());

function read(): string {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

export const night = computed(() => {
  if (chosen.value) return chosen.value === "dark";
  const hour = state.now.getHours();
  return hour >= 19 || hour < 7;
});

export function switchNight(): void {
  chosen.value = night.value ? "light" : "dark";
  try {
    localStorage.setItem(NAME, chosen.value);
  } catch {
    // forbidden: it holds until the app is closed
  }
}
