/**
 * How the text of a row is normalised:
 *
 * - `none`: not at all, every character as it stands in the file.
 * - `nfc`: Unicode's canonical composition (UAX #15), so that a syllable typed as jamo equals the composed one.
 * - `nfc-width`: before that, runs of full-width and half-width forms (U+FF01 to U+FFEE) and ideographic spaces are
 *   brought to NFKC: 'ＣＮＣ（３축）' becomes 'CNC(3축)'. Other compatibility characters ('㎏', '①') stay.
 * - `nfkc`: Unicode's compatibility composition: '㎏' becomes 'kg', '①' becomes '1'.
 */
export type TextNormalization = 'none' | 'nfc' | 'nfc-width' | 'nfkc'

// With U+3000 these are all characters whose decomposition Unicode tags <wide> or <narrow>.
const widthForms = /[\u3000\uff01-\uffee]+/g

/** A text by one of the rules. What a rule made, it leaves as it is. */
export const normalizeText = (text: string, rule: TextNormalization): string => {
  if (rule === 'none') return text
  if (rule === 'nfkc') return text.normalize('NFKC')
  const folded = rule === 'nfc' ? text : text.replace(widthForms, (forms) => forms.normalize('NFKC'))
  return folded.normalize('NFC')
}
