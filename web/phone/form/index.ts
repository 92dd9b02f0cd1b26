/** The forms half of the phone app: loaded when the first form is opened, so that it is not in the first chunk. */
export { default } from "./FormScreen.vue";
export * from "./types";
export { undrawable } from "./undrawable";
