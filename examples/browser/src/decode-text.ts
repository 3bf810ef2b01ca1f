/** Encodings that a file may have; `euc-kr` of browsers is the whole of cp949. */
export type Encoding = 'utf-8' | 'cp949'

/** A file's text and its encoding; `undefined` for binary files. */
export const decodeText = (
  bytes: Uint8Array,
): { readonly text: string; readonly encoding: Encoding } | undefined => {
  // No text has zero bytes, but many binary files pass for cp949 otherwise.
  if (bytes.subarray(0, 65536).includes(0)) return undefined
  for (const [label, encoding] of [['utf-8', 'utf-8'] as const, ['euc-kr', 'cp949'] as const]) {
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding }
    } catch {
      // Not this one.
    }
  }
  return undefined
}
