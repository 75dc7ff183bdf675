"""The little that runs in the browser itself: clock, keys, choosing a card, saving a file."""

TELL_THE_BROWSER = "(language) => { document.documentElement.lang = language; }"
"""For screen readers and fonts."""

PRINT = "() => { window.print(); }"

SAVE = """(file) => {
  if (!file) return;
  const { name, media, text } = JSON.parse(file);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: media + ";charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}"""
"""Nothing is written on the server: the file is made where it is saved."""

TO_BRIEFING = """() => {
  if (window.innerWidth < 720) document.getElementById("briefing")?.scrollIntoView({ block: "start" });
}"""
"""On a phone the case file lies below the cards."""

TO_MESSAGE = """() => {
  window.scrollTo(0, 0);
  setTimeout(() => document.querySelector("#message textarea")?.focus(), 50);
}"""

TO_TOP = "() => { window.scrollTo(0, 0); }"

CARDS = """
element.addEventListener("click", (event) => {
  const card = event.target.closest("[data-borrower]");
  if (!card) return;
  for (const other of element.querySelectorAll("[data-borrower]")) {
    other.setAttribute("aria-pressed", String(other === card));
  }
  trigger("select", { index: 0, value: card.dataset.borrower });
});
element.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const card = event.target.closest("[data-borrower]");
  if (!step || !card) return;
  const cards = [...element.querySelectorAll("[data-borrower]")];
  cards[(cards.indexOf(card) + step + cards.length) % cards.length].focus();
  event.preventDefault();
});
"""
"""The pressed card is marked here, so that the list is not drawn anew and keeps its focus and place."""

CLOCK = """
let call = "", from = 0;
setInterval(() => {
  const clock = element.querySelector(".clock");
  if (!clock) return;
  const log = document.querySelector(".chat [role=log]");
  if (log && log.ariaLabel !== clock.dataset.chat) { log.tabIndex = 0; log.ariaLabel = clock.dataset.chat; }
  const key = clock.dataset.call + clock.dataset.seconds + clock.dataset.runs;
  if (key !== call) { call = key; from = Date.now() - 1000 * Number(clock.dataset.seconds); }
  const past = clock.dataset.runs === "yes" ? Date.now() - from : 1000 * Number(clock.dataset.seconds);
  const seconds = Math.max(0, Math.floor(past / 1000));
  const shown = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  if (clock.textContent !== shown) clock.textContent = shown;
}, 250);
"""
"""Counts in the browser; the server is not asked. The chat window is named and made scrollable by keys beside it."""

KEYS = """() => {
  if (window.borrowersimKeys) return;
  window.borrowersimKeys = true;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const box = document.querySelector("#message textarea");
    if (box && box.offsetParent) { box.focus(); event.preventDefault(); }
  });
}"""
"""Esc brings the caller back to the message."""
