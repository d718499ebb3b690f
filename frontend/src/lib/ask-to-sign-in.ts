const asked = new EventTarget();

/** Opens the sign-in from anywhere on the page. */
export function askToSignIn(): void {
  asked.dispatchEvent(new Event("asked"));
}

/** @returns stops listening */
export function onAskedToSignIn(listener: () => void): () => void {
  asked.addEventListener("asked", listener);
  return () => asked.removeEventListener("asked", listener);
}
