// Questions to the server: one line of failure, jobs with progress, and streams of which only the newest counts.

export class Failure extends Error {
  constructor(error, status) {
    super(error.message ?? "The server gave no reason.");
    this.field = error.field ?? null;
    this.kind = error.kind ?? "Error";
    this.status = status;
  }
}

export const isAborted = (error) => error?.name === "AbortError";

const pause = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("aborted", "AbortError"));
    });
  });

async function failureOf(response) {
  try {
    const body = await response.json();
    return new Failure(body.error ?? { message: `The server answered ${response.status}.` }, response.status);
  } catch {
    return new Failure({ message: `The server answered ${response.status}.` }, response.status);
  }
}

async function sent(path, options) {
  try {
    return await fetch(path, { credentials: "omit", ...options });
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new Failure({ message: "The server does not answer. Is `leyden explore` still running?", kind: "Connection" }, 0);
  }
}

function posted(path, body, signal) {
  return sent(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/** What a response holds: JSON, or a file with the name that the server gives it. */
async function contentOf(response, isFile) {
  if (!response.ok) throw await failureOf(response);
  if (!isFile) return response.json();
  const disposition = response.headers.get("Content-Disposition") ?? "";
  return { blob: await response.blob(), name: /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? "leyden" };
}

/** The answer of an address, waited for where it is a job. `onProgress({progress, words})` is told meanwhile. */
export async function ask(path, body, { signal, onProgress, isFile = false } = {}) {
  const response = body === undefined ? await sent(path, { signal }) : await posted(path, body, signal);
  if (response.status === 202) return awaited((await response.json()).job, { signal, onProgress, isFile });
  return contentOf(response, isFile);
}

async function awaited(job, { signal, onProgress, isFile }) {
  const address = `/api/jobs/${encodeURIComponent(job)}`;
  // An answer that nobody waits for must not keep a processor.
  const stop = () => fetch(address, { method: "DELETE", credentials: "omit", keepalive: true }).catch(() => null);
  let wait = 60;
  try {
    for (;;) {
      const response = await sent(address, { signal });
      if (!response.ok) throw await failureOf(response);
      const report = await response.json();
      if (report.state === "done") return isFile ? contentOf(await sent(`${address}/file`, { signal }), true) : report.answer;
      if (report.state === "failed") throw new Failure(report.error ?? { message: report.words }, 422);
      if (report.state === "cancelled") throw new DOMException("cancelled", "AbortError");
      onProgress?.(report);
      await pause(wait, signal);
      wait = Math.min(400, wait * 1.3);
    }
  } catch (error) {
    if (isAborted(error)) stop();
    throw error;
  }
}

// Whatever is asked, so that the page can tell that it works and offer to stop it.
const running = new Map();
let told = () => null;
export const onBusy = (listener) => {
  told = listener;
};
export function cancelAll() {
  for (const line of running.keys()) line.stop();
}

/**
 * One kind of question: one request at a time, of those that wait the newest, and one that takes long gives way.
 * Files give way to none: whoever asked for two gets both, one after the other.
 */
export class Line {
  constructor(name, { patience = 400, isFile = false } = {}) {
    this.name = name;
    this.patience = patience;
    this.isFile = isFile;
    this.current = null;
    this.waiting = [];
  }

  /** Resolves to the answer, or to undefined where a newer question took its place. */
  ask(path, body) {
    return new Promise((resolve, reject) => {
      if (!this.isFile) this.#drop();
      this.waiting.push({ path, body, resolve, reject });
      if (!this.current) this.#go();
      else if (this.isFile) return;
      else if (performance.now() - this.current.since > this.patience) this.current.controller.abort();
      else {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.waiting.length && this.current?.controller.abort(), this.patience);
      }
    });
  }

  #drop() {
    for (const one of this.waiting.splice(0)) one.resolve(undefined);
  }

  stop() {
    this.#drop();
    this.current?.controller.abort();
  }

  async #go() {
    const { path, body, resolve, reject } = this.waiting.shift();
    const controller = new AbortController();
    this.current = { controller, since: performance.now() };
    const report = (progress) => {
      running.set(this, progress);
      told(running);
    };
    report(null);
    try {
      resolve(await ask(path, body, { signal: controller.signal, onProgress: report, isFile: this.isFile }));
    } catch (error) {
      if (isAborted(error)) resolve(undefined);
      else reject(error);
    } finally {
      this.current = null;
      running.delete(this);
      told(running);
      if (this.waiting.length) this.#go();
    }
  }
}
