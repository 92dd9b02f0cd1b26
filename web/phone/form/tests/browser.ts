/** ODK's engine is built for browsers and asks for Node's own loader where it finds Node: hide it while it is loaded. */
export async function loadAsInABrowser(): Promise<void> {
  const { process } = globalThis as unknown as { process: { versions: Record<string, string> } };
  for (const name of ["fetch", "FormData", "Response"]) Reflect.get(globalThis, name); // Node makes them when first asked
  new Response("");
  const versions = process.versions;
  Object.defineProperty(process, "versions", { value: { ...versions, node: undefined }, configurable: true });
  try {
    await import("@getodk/xforms-engine");
  } finally {
    Object.defineProperty(process, "versions", { value: versions, configurable: true });
  }
}
