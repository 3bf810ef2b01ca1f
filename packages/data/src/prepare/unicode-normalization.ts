/**
 * Normalisation of a row's text:
 *
 * - `none`: unchanged, every character as in the file.
 * - `nfc`: Unicode's canonical composition (UAX #15), so a syllable typed as jamo equals the composed one.
 * - `nfc-width`: first brings runs of full-width and half-width forms (U+FF01 to U+FFEE) and ideographic spaces to
 *   NFKC: 'ＣＮＣ（３축）' becomes 'CNC(3축)'. Other compatibility characters ('㎏', '①') stay.
 * - `nfkc`: Unicode's compatibility composition: '㎏' becomes 'kg', '①' becomes '1'.
 */
export type TextNormalization = 'none' | 'nfc' | 'nfc-width' | 'nfkc'

// With U+3000 these are all characters with a <wide> or <narrow> decomposition in Unicode.
const widthForms = /[\u3000\uff01-\uffee]+/g

/** Normalises a text by a rule. Normalising it twice changes nothing more. */
export const normalizeText = (text: string, rule: TextNormalization): string => {
  if (rule === 'none') return text
  if (rule === 'nfkc') return text.normalize('NFKC')
  const folded = rule === 'nfc' ? text : text.replace(widthForms, (forms) => forms.normalize('NFKC'))
  return folded.normalize('NFC')
}
