// Makes or uses a passkey for the form that asks for one. Without it the page offers the other ways.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const letters = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((one) => Object.assign({}, one, { id: bytes(one.id) }));

  const making = form.dataset.passkey === "create";
  const given = JSON.parse(document.getElementById("passkey-options").textContent);
  const asked = (given.creation_options || given.request_options).publicKey;
  const publicKey = Object.assign({}, asked, { challenge: bytes(asked.challenge) });
  if (making) {
    publicKey.user = Object.assign({}, asked.user, { id: bytes(asked.user.id) });
    publicKey.excludeCredentials = withBytes(asked.excludeCredentials);
  } else {
    publicKey.allowCredentials = withBytes(asked.allowCredentials);
  }

  const said = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = letters(credential.response[name]);
    }
    if (making) {
      response.transports = credential.response.getTransports ? credential.response.getTransports() : [];
    }
    return JSON.stringify({
      type: credential.type,
      id: credential.id,
      rawId: letters(credential.rawId),
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  };

  const button = form.querySelector("button");
  const trouble = form.querySelector("[data-trouble]");
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    trouble.hidden = true;
    button.disabled = true;
    try {
      const ask = making ? navigator.credentials.create : navigator.credentials.get;
      form.elements.credential.value = said(await ask.call(navigator.credentials, { publicKey }));
      form.submit();
    } catch (error) {
      button.disabled = false;
      trouble.hidden = false;
    }
  });
})();
