// SPDX-License-Identifier: Apache-2.0
// LuCI as far as its view of the agent needs it: runs the view in front of a given status, enrols
// with a given token, and prints what a person sees, what was asked of ubus, which options are shown.
//
//     node luci.mjs VIEW.js PO '{"status": {...}, "token": "...", "answer": {...}}'
import { readFileSync } from "node:fs";

const [source, po] = [process.argv[2], process.argv[3]].map((path) => readFileSync(path, "utf8"));
const scene = JSON.parse(process.argv[4]);

String.prototype.format = function (...values) {
  return this.replace(/%[sd]/g, () => String(values.shift()));
};
const translated = new Map([...po.matchAll(/^msgid (".+")\nmsgstr (".+")$/gm)]
  .map(([, from, to]) => [JSON.parse(from), JSON.parse(to)]));
const missing = [];
const _ = (text) => {
  if (!translated.has(text)) missing.push(text);
  return translated.get(text) ?? text;
};

// As LuCI does: a list's texts are texts, a bare one is HTML, which nobody here writes.
const listed = (children) => {
  if (typeof children === "string") throw new Error(`taken for HTML: ${children}`);
  return [children].flat().filter((child) => child != null);
};

class Node {
  constructor(name, attributes, children) {
    this.name = name;
    this.attributes = attributes;
    this.children = listed(children);
    this.value = "";
  }
  text() {
    return this.children.map((child) => child instanceof Node ? child.text() : `${child}`).join(" ");
  }
  find(name) {
    return [...(this.name === name ? [this] : []),
      ...this.children.flatMap((child) => child instanceof Node ? child.find(name) : [])];
  }
}
const E = (name, attributes, children) =>
  attributes && attributes.constructor === Object ? new Node(name, attributes, children)
    : new Node(name, {}, attributes);

const asked = [], options = [], notes = [], polled = [];
const shown = { value() {} };
const section = (name) => ({
  option: (_kind, option) => { options.push(`${name}.${option}`); return { ...shown }; },
});
const stands = {
  dom: { content: (node, children) => { node.children = listed(children); } },
  form: {
    Map: class {
      section(_kind, name) { return section(name); }
      async render() { return E("form", {}, []); }
    },
  },
  poll: { add: (call) => polled.push(call) },
  rpc: {
    declare: ({ object, method }) => async (...words) => {
      asked.push([object, method, ...words]);
      const answer = scene[method === "status" ? "status" : "answer"];
      if (answer === undefined) throw new Error("no ubus");
      return answer;
    },
  },
  ui: {
    createHandlerFn: (self, call, ...words) => () => call.call(self, ...words),
    addNotification: (_title, node, kind) => notes.push(`${kind}: ${node.text()}`),
  },
  view: { extend: (members) => members },
};
const needs = [...source.matchAll(/^'require (\w+)';$/gm)].map(([, name]) => name);
const view = new Function(...needs, "_", "E", source)(...needs.map((name) => stands[name]), _, E);
const page = await view.render(await view.load());
if (scene.token !== undefined) {
  page.find("input")[0].value = scene.token;
  await page.find("button")[0].attributes.click();
}
for (const call of polled) await call();
console.log(JSON.stringify({ text: page.text(), asked, options, notes, missing }));
