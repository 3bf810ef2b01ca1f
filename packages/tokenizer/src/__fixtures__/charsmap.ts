interface Node {
  readonly children: Map<number, Node>
  value: number
}

const encoder = new TextEncoder()

/**
 * A `precompiled_charsmap` of sentencepiece, in base 64: a double array (Yata's, as Darts-clone writes it) from keys to
 * offsets into texts that end in NUL.
 */
export const charsmapOf = (mapping: Readonly<Record<string, string>>): string => {
  const root: Node = { children: new Map(), value: -1 }
  const texts: number[] = []
  for (const [key, text] of Object.entries(mapping)) {
    let node = root
    for (const byte of encoder.encode(key)) {
      const child: Node = node.children.get(byte) ?? { children: new Map(), value: -1 }
      node.children.set(byte, child)
      node = child
    }
    node.value = texts.length
    texts.push(...encoder.encode(text), 0)
  }

  const units: number[] = [0]
  const used = new Set([0])
  let first = 1
  const place = (node: Node, at: number): void => {
    const labels = [...(node.value >= 0 ? [0] : []), ...node.children.keys()]
    while (used.has(first)) first++
    let base = first ^ (labels[0] ?? 0)
    while (labels.some((label) => used.has(base ^ label))) base++
    for (const label of labels) used.add(base ^ label)
    const label = units[at] ?? 0
    units[at] = (((at ^ base) << 10) | (node.value >= 0 ? 0x100 : 0) | label) >>> 0
    if (node.value >= 0) units[base] = (node.value | 0x80000000) >>> 0
    for (const [byte, child] of node.children) {
      units[base ^ byte] = byte
      place(child, base ^ byte)
    }
  }
  place(root, 0)

  const array = Uint32Array.from({ length: (units.length | 0xff) + 1 }, (_, i) => units[i] ?? 0)
  const size = Uint32Array.of(array.byteLength)
  return Buffer.concat([Buffer.from(size.buffer), Buffer.from(array.buffer), Buffer.from(texts)]).toString('base64')
}
