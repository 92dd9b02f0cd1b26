// Stands where web/phone/form will be; goes when that lands.
import { defineComponent, h } from "vue";

export default defineComponent({
  name: "FormScreen",
  props: { request: { type: Object, required: true } },
  emits: ["draft", "done", "cancel"],
  setup(props, { emit }) {
    const asked = props.request as { prefill?: Record<string, unknown>; body?: Record<string, unknown> };
    const body = { ...asked.prefill, ...asked.body };
    return () => h("button", { onClick: () => emit("done", { body, attachments: [] }) }, "OK");
  },
});
