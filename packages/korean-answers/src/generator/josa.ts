const firstSyllable = 0xac00
const lastSyllable = 0xd7a3
const finalRieul = 8

// How Korean reads a letter or digit: L, M, N, R and 0, 1, 3, 6, 7, 8 end in a consonant, of these L, R, 1, 7, 8 in ㄹ.
const closedLetters = /[LMNRlmnr013678]$/
const rieulLetters = /[LRlr178]$/

/** The final consonant of the last syllable: 0 for none, else its index in the order of Unicode; 1 for letters so read. */
const finalConsonant = (word: string): number => {
  const bare = word.replace(/\s*\([^)]*\)$/, '')
  const code = bare.charCodeAt(bare.length - 1)
  if (code >= firstSyllable && code <= lastSyllable) return (code - firstSyllable) % 28
  if (rieulLetters.test(bare)) return finalRieul
  return closedLetters.test(bare) ? 1 : 0
}

/** A particle in its two forms: after a consonant and after a vowel. */
export type Josa = '을/를' | '과/와' | '으로/로' | '은/는' | '이/가'

/** The word with the particle in the form that its last sound asks for: '철판을', '목재를', '철로', '실로', '강판으로'. */
export const withJosa = (word: string, josa: Josa): string => {
  const [closed = '', open = ''] = josa.split('/')
  const final = finalConsonant(word)
  const takesOpen = final === 0 || (josa === '으로/로' && final === finalRieul)
  return word + (takesOpen ? open : closed)
}
