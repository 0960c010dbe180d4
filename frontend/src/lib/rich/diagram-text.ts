// What goes to Mermaid: the text of a diagram without what would make its page parse or load anything but a drawing. The
// page has a policy that stops all of it; this keeps it from being tried.

/** Mermaid's own words with angle brackets: line breaks and stereotypes. */
const TAG = /<<[\w -]{1,60}>>|<br\s{0,9}\/?>|<(?=[a-z!/?])/gi;
/** Statements whose words become CSS. */
const STYLES = /(?:^|;)[ \t]*(?:style|classDef|linkStyle|box|rect)\b[^\n]*/gim;
/** What makes CSS load something: https://www.w3.org/TR/css-images-4/ and https://www.w3.org/TR/css-values-4/#urls */
const LOADS = /(?:url|src|image|image-set|cross-fade|paint|element)\s{0,99}\(/gi;

/**
 * Tags become text, since labels are drawn as text (`#lt;` is how Mermaid writes `<`:
 * https://mermaid.js.org/syntax/flowchart.html, entity codes); styles load nothing, not in
 * disguise either: a colour without a meaning stands in for what would.
 */
export function harmless(text: string): string {
  return text
    .replace(TAG, (found) => (found === '<' ? '#lt;' : found))
    .replace(STYLES, (found) => found.replaceAll('\\', '').replace(LOADS, 'rgb('));
}
