// Talking to the server: the control interface of docs/sandbox.md.

/** An answer that is not `ok`. `error` is the server's name for it, `answer` all of it. */
export class Failed extends Error {
  constructor(answer) {
    super(answer.toast || answer.detail || answer.error || "Something went wrong");
    this.error = answer.error;
    this.answer = answer;
  }
}

async function answered(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Failed({ error: "offline", detail: "The workspace does not answer. It may have been stopped." });
  }
  const answer = await response.json().catch(() => ({ ok: false, error: `http_${response.status}` }));
  if (!answer.ok) throw new Failed(answer);
  return answer;
}

/** GET /sandbox/NAME with the query; throws Failed. */
export function read(name, query = {}) {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return answered(fetch(`/sandbox/${name}?${new URLSearchParams(pairs)}`));
}

/** POST /sandbox/act/NAME; throws Failed. */
export function act(name, body) {
  return answered(
    fetch(`/sandbox/act/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

/** Upload a file; with `channel` it is shared there at once. Returns the file. */
export async function upload(person, file, more = {}) {
  const form = new FormData();
  form.set("as", person);
  for (const [name, value] of Object.entries(more)) form.set(name, value);
  form.set("file", file, file.name);
  return (await answered(fetch("/sandbox/act/upload", { method: "POST", body: form }))).file;
}

/**
 * Follow what happens for a person: `onEvent` for each change, `onState("live" | "lost")` for the connection.
 * A window that nobody looks at lets go of its stream (browsers allow few at once) and catches up when looked at.
 * Returns a function that ends it.
 */
export function follow(person, onEvent, onState) {
  let source = null;
  let last = null;
  let retry = null;
  let wait = 500;
  const open = () => {
    clearTimeout(retry);
    source?.close();
    const since = last === null ? "" : `&since=${last}`;
    source = new EventSource(`/sandbox/events?as=${encodeURIComponent(person)}${since}`);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      if (event.type === "hello") {
        // What happened before the stream began is not in it, and a server that was started anew counts from the
        // beginning: in both cases everything may have changed.
        const missed = last === null || event.id < last;
        if (missed) last = event.id;
        wait = 500;
        onState("live", missed);
        return;
      }
      if (Number.isInteger(event.id)) last = event.id;
      if (event.type !== "ping") onEvent(event);
    };
    source.onerror = () => {
      source.close();
      onState("lost");
      retry = setTimeout(open, wait);
      wait = Math.min(wait * 2, 5000);
    };
  };
  const look = () => {
    if (document.visibilityState === "visible") open();
    else {
      clearTimeout(retry);
      source?.close();
    }
  };
  document.addEventListener("visibilitychange", look);
  open();
  return () => {
    document.removeEventListener("visibilitychange", look);
    clearTimeout(retry);
    source?.close();
  };
}
