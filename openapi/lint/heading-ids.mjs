// Lets the link check know headings that name their own anchor, as the documentation's do: "## Rule {#rule}".

export default function headingIds() {
  return (tree) => {
    for (const node of tree.children) {
      const last = node.type === 'heading' && node.children.at(-1)
      const named = last && last.type === 'text' && /\s*\{#([\w-]+)\}$/.exec(last.value)
      if (named) {
        node.data = { id: named[1] }
        last.value = last.value.slice(0, named.index)
      }
    }
  }
}
