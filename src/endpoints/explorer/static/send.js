/** Sends a request and reads its answer, bit by bit where it is a stream. */

const STREAMS = /^(application\/(x-ndjson|jsonl|json-seq)|text\/event-stream)\b/i;
const TEXTS = /^(text\/|application\/([\w.-]+\+)?(json|xml)\b|application\/(javascript|x-www-form-urlencoded)\b)/i;

/**
 * Send. Returns {status, reason, headers, type, time, size, text} with `blob` in the place of `text` where the answer
 * is none, or {failure} where there was no answer.
 * `begun` is called with what is known before the first piece of a stream, `piece` with each text as it comes.
 */
export async function send(request, signal, { begun, piece }) {
  const start = performance.now();
  let made;
  let answer;
  try {
    made = new Request(request.url, {
      method: request.verb,
      headers: request.headers,
      body: request.parts && new Blob(request.parts),
      cache: "no-store",
      signal,
    });
  } catch (error) {
    return { failure: `Browsers cannot send this: ${error.message}`, time: 0 };
  }
  try {
    answer = await fetch(made);
  } catch (error) {
    return { failure: failure(error, signal), time: performance.now() - start };
  }
  const type = answer.headers.get("content-type") ?? "";
  const head = {
    status: answer.status,
    reason: answer.statusText,
    headers: [...answer.headers],
    type,
    isStream: STREAMS.test(type),
  };
  try {
    const content = head.isStream ? await stream(answer, () => begun(head), piece) : await whole(answer, type);
    return { ...head, ...content, time: performance.now() - start };
  } catch (error) {
    return { ...head, failure: failure(error, signal), time: performance.now() - start };
  }
}

async function whole(answer, type) {
  const blob = await answer.blob();
  if (type && !TEXTS.test(type)) return { blob, size: blob.size };
  return { text: await blob.text(), size: blob.size };
}

async function stream(answer, begun, piece) {
  begun();
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (value) {
      size += value.length;
      piece(decoder.decode(value, { stream: true }));
    }
    if (done) break;
  }
  piece(decoder.decode());
  return { size };
}

function failure(error, signal) {
  if (signal.aborted) return "Stopped.";
  if (!navigator.onLine) return "There is no network.";
  return `The server cannot be reached, or ended the connection before its answer was complete (${error.message}).`;
}
