// Mistakes that tsc has to find: each directive is itself an error where there is none.

import { Client as Guestbook } from "guestbook-client";
import { ApiError, Client, type AlltypesEverything } from "wide-client";

const wide = new Client();
const greetings = new Guestbook().greetings;

export async function mistakes(error: ApiError): Promise<void> {
  // @ts-expect-error: no such method
  await greetings.remove({ id: "1" });
  // @ts-expect-error: the id is missing
  await greetings.get();
  // @ts-expect-error: and here
  await greetings.get({});
  // @ts-expect-error: 64-bit integers are strings
  await greetings.get({ id: 1 });
  // @ts-expect-error: this one is no string
  await greetings.list({ limit: "1" });
  // @ts-expect-error: no such parameter
  await greetings.list({ limt: 1 });
  // @ts-expect-error: no such field
  await greetings.insert({ requestBody: { mesage: "" } });
  // @ts-expect-error: no such color
  await wide.everything.echo({ requestBody: { e: "PINK" } });
  // @ts-expect-error: a list of colors
  await wide.query({ e: "RED" });
  // @ts-expect-error: fields are missing
  await wide.required.see({ requestBody: { s: "x" } });
  // @ts-expect-error: the body is missing
  await wide.required.see();
  // @ts-expect-error: it has no parameters
  await wide.nothing.delete({ id: 1 });
  // @ts-expect-error: it answers nothing
  (await wide.nothing.delete()).id;
  // @ts-expect-error: a signal is an object
  await wide.nothing.delete({}, { signal: true });
  // @ts-expect-error: no such setting
  new Client({ baseURL: "https://example.com" });
  // @ts-expect-error: resources stay
  wide.nothing = wide.nothing;
  // @ts-expect-error: it may be missing
  const text: string = (await wide.everything.echo()).s;
  // @ts-expect-error: bytes travel as text
  const sent: AlltypesEverything = { y: new Uint8Array() };
  // @ts-expect-error: a status is a number
  const status: string = error.status;
  // @ts-expect-error: a reason may be missing
  const reason: string = error.reason;
  return void [text, sent, status, reason];
}
