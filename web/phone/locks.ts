// One at a time among all tabs and the service worker, where the browser can promise it.

/** Run `body` while no other tab runs anything under the same name. */
export async function alone<T>(name: string, body: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return body();
  return (await navigator.locks.request(`bulou-${name}`, body)) as T;
}

/** Run `body` unless another tab is at it already; then return null at once. */
export async function aloneOrNot<T>(name: string, body: () => Promise<T>): Promise<T | null> {
  if (!navigator.locks) return body();
  return (await navigator.locks.request(`bulou-${name}`, { ifAvailable: true }, async (lock) =>
    lock ? body() : null,
  )) as T | null;
}
