/** The page that issuers send people back to: tells the explorer what its address holds, and closes its window. */

const message = document.getElementById("message");
const answered = new URLSearchParams(location.search);
const channel = new BroadcastChannel("endpoints-explorer-sign-in");

// The code is worth nothing without the verifier, but need not stay in the address bar and the history either.
history.replaceState(null, "", location.pathname);

const patience = setTimeout(() => {
  message.textContent = "No explorer is waiting for this. Close this window and sign in again there.";
}, 3000);
channel.onmessage = (event) => {
  if (event.data?.received && event.data.received === answered.get("state")) {
    clearTimeout(patience);
    message.textContent = "Done. You can close this window.";
    window.close();
  }
};
channel.postMessage({
  state: answered.get("state"),
  code: answered.get("code"),
  issuer: answered.get("iss"),
  error: answered.get("error"),
  description: answered.get("error_description"),
});
