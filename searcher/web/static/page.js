// What a keyboard adds. Every page works without this file.
"use strict";

const box = document.getElementById("q");
const items = [...document.querySelectorAll(".item")];
const marks = [...document.querySelectorAll("mark[id]")];
let at = -1;

function step(list, by, mark) {
  if (!list.length) return;
  at = Math.min(Math.max(at + by, 0), list.length - 1);
  list.forEach((item, i) => item.classList.toggle("current", i === at));
  list[at].scrollIntoView({ block: "center" });
  if (!mark) list[at].querySelector(".go").focus({ preventScroll: true });
}

// A paragraph on another page of a long report: what stands behind # no server sees.
const wanted = /^#p(\d+)$/.exec(location.hash);
if (wanted && document.body.classList.contains("report") && !document.getElementById(`p${wanted[1]}`)) {
  const address = new URL(location);
  if (address.searchParams.get("around") !== wanted[1]) {
    address.searchParams.delete("page");
    address.searchParams.set("around", wanted[1]);
    location.replace(address);
  }
}

function typing(target) {
  return target.matches("input:not([type=checkbox]), select, textarea") || target.isContentEditable;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const by = { j: 1, n: 1, k: -1, p: -1 }[event.key];
  if (event.key === "/" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (by) {
    if (marks.length) step(marks, by, true);
    else step(items, by, false);
  } else if (event.key === "Enter" && event.target === document.body && items[at]) {
    items[at].querySelector(".go").click();
  }
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea"); // where the page came over plain HTTP
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  const name = button.textContent;
  button.addEventListener("click", async () => {
    await copy(button.parentElement.querySelector("p").textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = name; }, 1500);
  });
}

// On a narrow screen what stands beside begins folded.
if (matchMedia("(max-width: 54rem)").matches) {
  for (const fold of document.querySelectorAll("details.fold")) fold.open = false;
}

// Empty fields and defaults stay out of the address.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("input:not([type=hidden]), select")) {
      if (!field.value.trim() && field.name !== "q") field.disabled = true;
    }
  });
}
