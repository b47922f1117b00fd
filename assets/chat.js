// What only the browser can do: keys, scrolling, the clipboard, the address bar, focus. State reaches it as data attributes of #chatkit.
(() => {
  "use strict";
  // The built page holds the start screen. When the address names a thread, it must not flash.
  document.documentElement.toggleAttribute("data-opening", new URLSearchParams(location.search).has("thread"));
  // In development the page and the backend have a port each, and a browser keeps no cookie that comes with a websocket. So the session
  // begins with a script from the backend, which this page waits for; should the backend not be up yet, the page comes again when it is.
  const { backendPort } = document.currentScript.dataset;
  if (backendPort) {
    const address = `//${location.hostname}:${backendPort}/session.js`;
    window.__chatkitBackendLate = () => setTimeout(() => {
      const again = Object.assign(document.createElement("script"), { src: address });
      again.onload = () => location.reload();
      again.onerror = window.__chatkitBackendLate;
      document.head.append(again);
    }, 300);
    document.write(`<script src="${address}" onerror="__chatkitBackendLate()"></` + "script>");
  }

  const NEAR_END = 80; // px from the end at which a reader counts as following
  const touch = matchMedia("(pointer: coarse)");
  const byId = (id) => document.getElementById(id);
  const root = () => byId("chatkit");

  // --- composer --------------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "ck-message") return messageKey(event);
    if (event.key === "Escape") escape(event);
  });

  function messageKey(event) {
    // 229 is what Safari sends for the Enter that ends a composition, after compositionend.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || touch.matches) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  document.addEventListener("submit", (event) => {
    if (event.target.id !== "ck-composer") return;
    const field = byId("ck-message");
    if (!field.value.trim() || root().dataset.answering === "true") {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    // React reads the form in its own handler, which runs after this one: empty it when both are done.
    setTimeout(() => { field.value = ""; grow(field); field.focus(); }, 0);
  }, true);

  const growsItself = CSS.supports("field-sizing", "content");
  function grow(field) {
    if (growsItself) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }
  document.addEventListener("input", (event) => { if (event.target.id === "ck-message") grow(event.target); });

  // --- copy ------------------------------------------------------------------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) {
      await copyText(button.dataset.copy === "code" ? codeBeside(button) : answerAbove(button));
      return confirmCopy(button);
    }
    if (event.target.closest?.("#ck-jump")) scrollTo(end());
  });

  const codeBeside = (button) => button.parentElement.querySelector("pre").textContent.replace(/\n$/, "");

  function answerAbove(button) {
    const parts = [];
    for (let row = button.closest(".ck-row"); row && row.dataset.kind !== "user"; row = row.previousElementSibling) {
      if (row.dataset.kind === "assistant") parts.unshift([...row.querySelectorAll("[data-source]")].map((b) => b.dataset.source).join("\n\n"));
    }
    return parts.join("\n\n");
  }

  async function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = Object.assign(document.createElement("textarea"), { value: text }); // plain http has no clipboard object
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }

  function confirmCopy(button) {
    if (button.querySelector("[data-said]")) return;
    const said = Object.assign(document.createElement("span"), { className: "ck-sr", textContent: button.dataset.copied, role: "status" });
    said.dataset.said = "";
    button.append(said);
    button.setAttribute("aria-pressed", "true");
    setTimeout(() => { said.remove(); button.removeAttribute("aria-pressed"); }, 1500);
  }

  // --- scrolling -------------------------------------------------------------------------------------------------------------
  const scroller = () => byId("ck-scroll");
  const room = () => byId("ck-room");
  const roomHeight = () => room()?.offsetHeight ?? 0;
  const end = () => scroller().scrollHeight - scroller().clientHeight;
  const endOfText = () => Math.max(0, end() - roomHeight());
  let following = true;
  let landing = false; // from opening a thread until the reader moves: rows get their true height only when they are laid out

  function scrollTo(top, behavior = "smooth") {
    scroller().scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : behavior });
  }

  // A sent message goes to the top of the view and the answer grows below it. The room under the thread makes that possible
  // before the answer is long enough, and shrinks as it grows, so nothing jumps.
  function showSent() {
    const users = scroller().querySelectorAll('.ck-row[data-kind="user"]');
    const last = users[users.length - 1];
    if (!last) return;
    following = root().dataset.follow === "true";
    landing = false;
    makeRoom(last);
    scrollTo(last.offsetTop - scroller().offsetTop - 8);
  }

  function makeRoom(last) {
    const space = room();
    if (!space || !last) return;
    const below = space.offsetTop - last.offsetTop;
    space.style.setProperty("--ck-room", `${Math.max(0, scroller().clientHeight - below - 16)}px`);
  }

  let answeringAt = -Infinity; // the answer was last seen growing; its buttons come a moment later and are followed too
  function grown() {
    if (!scroller()) return;
    if (root().dataset.answering === "true") answeringAt = performance.now();
    const users = scroller().querySelectorAll('.ck-row[data-kind="user"]');
    if (landing) scroller().scrollTop = end();
    else if (roomHeight() > 0) makeRoom(users[users.length - 1]);
    else if (following && root().dataset.follow === "true" && performance.now() - answeringAt < 500) scroller().scrollTop = end();
    offerJump();
  }

  function offerJump() {
    const jump = byId("ck-jump");
    if (jump) jump.hidden = endOfText() - scroller().scrollTop < NEAR_END * 2;
  }

  let lastTop = 0;
  function scrolled() {
    const top = scroller().scrollTop;
    if (top < lastTop - 2 && !landing) following = false; // the reader went up
    if (end() - top < NEAR_END) following = true;
    lastTop = top;
    offerJump();
  }

  // Older messages come in above: what the reader looks at stays where it is.
  let keep = null;
  const sizes = new ResizeObserver(() => requestAnimationFrame(() => {
    if (!scroller()) return;
    if (keep && scroller().scrollHeight !== keep.height) {
      scroller().scrollTop = keep.top + scroller().scrollHeight - keep.height;
      keep = null;
    }
    grown();
  }));
  const loaders = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || target.disabled) continue;
      const above = target.closest("#ck-scroll");
      if (above && landing) continue; // on the way to the end of the thread, not to its start
      if (above) keep = { top: scroller().scrollTop, height: scroller().scrollHeight };
      target.dataset.watched = "busy";
      target.click();
    }
  }, { rootMargin: "120px" });

  // --- what state says ---------------------------------------------------------------------------------------------------------
  let seen = { thread: "", sent: "0", history: "false" };
  let unnamed = false; // a message is on its way that begins a thread
  let watched = null;

  function look() {
    const chat = root();
    if (!chat) return;
    const now = { thread: chat.dataset.thread ?? "", sent: chat.dataset.sent ?? "0", history: chat.dataset.history ?? "false" };
    const was = seen;
    seen = now;
    if (now.thread !== was.thread) nameThread(now, was);
    if (now.history !== was.history) moveFocus(now.history === "true");
    // A message sent in a new chat counts up first and its thread gets a name later; both at once is a page that is restored.
    const named = now.thread !== was.thread, sent = now.sent !== was.sent;
    if (sent && !named) requestAnimationFrame(showSent);
    else if (named && now.thread && !unnamed) requestAnimationFrame(openedThread);
    unnamed = (sent || unnamed) && !now.thread;
    // A form or a question in the list that is done takes the focus with it.
    if (now.history === "true" && wasInHistory && document.activeElement === document.body) byId("ck-close-history")?.focus();
    watchParts();
  }

  let wasInHistory = false;
  document.addEventListener("focusin", (event) => { wasInHistory = Boolean(event.target.closest("#ck-history")); });

  function openedThread() {
    room()?.style.setProperty("--ck-room", "0px");
    following = landing = true;
    grown();
  }
  for (const moved of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(moved, () => { landing = false; }, { capture: true, passive: true });

  // The address names the thread, so that a reload, a bookmark and the back button find it.
  function nameThread(now, was) {
    const url = new URL(location.href);
    if ((url.searchParams.get("thread") ?? "") === now.thread) return;
    if (now.thread) url.searchParams.set("thread", now.thread);
    else url.searchParams.delete("thread");
    history[unnamed ? "replaceState" : "pushState"](history.state, "", url);
    if (!now.thread) byId("ck-message")?.focus();
  }

  function moveFocus(open) {
    requestAnimationFrame(() => (open ? byId("ck-close-history") : byId("ck-open-history"))?.focus());
  }

  function escape(event) {
    const inner = document.activeElement?.closest("form, [role=alertdialog]")?.querySelector("[data-escape]");
    const button = inner ?? byId("ck-close-history");
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  function watchParts() {
    const rows = scroller()?.querySelector(".ck-thread");
    if (rows !== watched) {
      if (watched) sizes.unobserve(watched);
      if (rows) sizes.observe(rows);
      watched = rows ?? null;
    }
    for (const button of document.querySelectorAll('[data-auto-load]:not([data-watched="yes"]):not(:disabled)')) {
      button.dataset.watched = "yes";
      loaders.unobserve(button); // one that is still in view after its page came is only noticed when it is watched anew
      loaders.observe(button);
    }
    for (const field of document.querySelectorAll("[data-select]:not([data-watched])")) {
      field.dataset.watched = "";
      field.select();
    }
    const scroll = scroller();
    if (scroll && !scroll.dataset.watched) {
      scroll.dataset.watched = "";
      scroll.addEventListener("scroll", scrolled, { passive: true });
    }
  }

  function start() {
    const changes = new MutationObserver(look);
    changes.observe(document.body, {
      subtree: true, childList: true, attributes: true, attributeFilter: ["data-thread", "data-sent", "data-history"],
    });
    addEventListener("resize", () => { if (scroller()) grown(); });
    look();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
