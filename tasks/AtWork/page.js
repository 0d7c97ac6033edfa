
// The page is read and folded without this; here are the search, the buttons, and links to what is folded away.
// It stands in a page that is XML too: no ampersand, no less-than sign.
"use strict";
const list = document.getElementById("packages");
const find = document.getElementById("find");
const folds = [...list.querySelectorAll("details")];
const packages = [...list.querySelectorAll(".package")].map(item => {
    const own = item.querySelector("details");
    const texts = selector => [...own.querySelectorAll(`:scope > summary ${selector}, :scope > .facts ${selector}`)].map(element => element.textContent);
    return { item, own, text: [...texts(".id"), ...texts(".description > bdi")].join(" ").toLowerCase(), digests: texts(".digest") };
});
// How it was folded before the search.
let before = null;

function search() {
    const words = find.value.toLowerCase().split(/\s+/).filter(word => word);
    const searching = words.length > 0;
    if (searching)
        before ??= folds.map(fold => fold.open);
    const hits = packages.filter(one => searching ? words.every(word => isIn(word, one)) : false);
    list.classList.toggle("searching", searching);
    packages.forEach(one => one.item.classList.remove("hit", "way"));
    if (searching)
        folds.forEach(fold => { fold.open = false; });
    for (const hit of hits) {
        hit.item.classList.add("hit");
        above(hit.item).forEach(item => { item.classList.add("way"); item.querySelector("details").open = true; });
    }
    document.getElementById("hits").textContent = searching ? `${hits.length} of ${packages.length} packages` : "";
    if (!searching) {
        before?.forEach((open, index) => { folds[index].open = open; });
        before = null;
    }
}

// Of a digest the begin, from where it cannot be a word any more.
function isIn(word, one) {
    if (one.text.includes(word))
        return true;
    const hex = word.replace(/^sha256:/, "");
    return /^[0-9a-f]{4,64}$/.test(hex) ? one.digests.some(digest => digest.startsWith("sha256:" + hex)) : false;
}

function above(item) {
    const items = [];
    for (let at = item.parentElement.closest(".package"); at; at = at.parentElement.closest(".package"))
        items.push(at);
    return items;
}

function clear() {
    find.value = "";
    search();
}

// The package that the address names is shown whatever is folded or searched for.
function reveal() {
    const item = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!item?.classList.contains("package"))
        return;
    clear();
    [item, ...above(item)].forEach(one => { one.querySelector("details").open = true; });
    item.scrollIntoView();
}

find.addEventListener("input", search);
document.getElementById("tools").addEventListener("submit", event => event.preventDefault());
document.getElementById("fold").addEventListener("click", () => folds.forEach(fold => { fold.open = false; }));
document.getElementById("unfold").addEventListener("click", () => folds.forEach(fold => { fold.open = true; }));
document.addEventListener("keydown", event => {
    if (event.key === "Escape") {
        clear();
        find.blur();
    } else if (event.key === "/" ? document.activeElement !== find : false) {
        event.preventDefault();
        find.focus();
        find.select();
    }
});
addEventListener("hashchange", reveal);
document.getElementById("tools").hidden = false;
find.value = new URLSearchParams(location.search).get("find") ?? "";
search();
reveal();
