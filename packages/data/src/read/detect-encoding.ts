import { isUtf8 } from 'node:buffer'
import { decodeStrict } from './strict-decoding.ts'

const lineFeed = 0x0a

const linesOf = (bytes: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const lineBreak = bytes.indexOf(lineFeed, start)
    const end = lineBreak < 0 ? bytes.length : lineBreak
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  return lines
}

/** Whether valid UTF-8 has only ASCII and Latin letters and signs, whose bytes are Hangul in cp949. */
const onlyLatin = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0xc9)

const isUpper = (text: string): boolean => text !== text.toLowerCase()

/**
 * Whether a run of non-ASCII bytes is more likely a Latin letter or sign in UTF-8 than a syllable in cp949: one letter
 * of a European language next to another letter ('café', but not the 카 of 'TV카'), or a sign ('·', '²') in a line with
 * Latin letters.
 */
const isRatherLatin = (line: string, start: number, end: number): boolean => {
  const run = line.slice(start, end)
  const character = Buffer.from(run, 'latin1').toString('utf8')
  // Up to Latin Extended-A; no language has words in later letters whose bytes are cp949.
  if (run.length !== 2 || character > '\u017f') return false
  if (!/\p{L}/u.test(character)) return /[A-Za-z]/.test(line)
  const neighbours = `${line[start - 1] ?? ''}${line[end] ?? ''}`
  return /[a-z]/.test(neighbours) || (isUpper(character) && /[A-Z]/.test(neighbours))
}

/** Hangul wins if only cp949 gives Hangul: a short file may be valid in both ('치킨' is 'ġŲ' in UTF-8). */
const isRatherHangul = (bytes: Uint8Array): boolean => {
  if (!onlyLatin(bytes) || decodeStrict(bytes, 'cp949') === undefined) return false
  let [hangul, latin] = [0, 0]
  for (const line of Buffer.from(bytes).toString('latin1').split('\n')) {
    for (const run of line.matchAll(/[\x80-\xff]+/g)) {
      if (isRatherLatin(line, run.index, run.index + run[0].length)) latin += 1
      else hangul += 1
    }
  }
  return hangul >= latin && hangul > 0
}

/**
 * Decides between UTF-8 and cp949 by bytes that are not plain ASCII: UTF-8 if all of them are valid, unless only cp949
 * gives Hangul; otherwise the encoding with fewer undecodable lines, or UTF-8 if these are equal.
 */
export const detectEncoding = (bytes: Uint8Array): 'utf-8' | 'cp949' => {
  if (isUtf8(bytes)) return isRatherHangul(bytes) ? 'cp949' : 'utf-8'
  let [utf8, cp949] = [0, 0]
  for (const line of linesOf(bytes)) {
    if (!isUtf8(line)) utf8 += 1
    if (decodeStrict(line, 'cp949') === undefined) cp949 += 1
  }
  return cp949 < utf8 ? 'cp949' : 'utf-8'
}
