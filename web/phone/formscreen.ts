// The forms half, fetched when the first form is opened (and kept by the service worker before that).
import { defineAsyncComponent } from "vue";

export const FormScreen = defineAsyncComponent(() => import("./form"));
