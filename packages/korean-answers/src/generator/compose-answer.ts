import type { Random } from '@kic/core'
import { withJosa } from './josa.ts'
import { placePhrase } from './place-phrase.ts'
import type { Goods, Voice } from './voice.ts'

/** The three fields of an answer: object, method, deal. */
export type Fields = readonly [object: string, method: string, deal: string]

const endsInVerb = /(하여|해서|하고|아서|어서|여|고|며|후|함|음)$/

const joined = (left: string, right: string, random: Random): string => {
  const link = random.next()
  if (link < 0.42) return `${left} ${right}`
  if (link < 0.72) return `${left},${right}`
  if (link < 0.84) return `${left}, ${right}`
  if (link < 0.93) return `${left} 및 ${right}`
  return `${withJosa(left, '과/와')} ${right}`
}

/** One to three goods in a row: '볼트 너트', '의자, 책상 등'. */
const goodsInARow = (voice: Voice, random: Random): Goods => {
  let { text, needsVerb } = voice.goods()
  const chance = random.next()
  for (let more = chance < 0.56 ? 0 : chance < 0.86 ? 1 : 2; more > 0; more--) {
    const next = voice.goods()
    text = joined(text, next.text, random)
    needsVerb ||= next.needsVerb
  }
  return { text: random.next() < 0.05 ? `${text} 등` : text, needsVerb }
}

const withVerb = (goods: string, voice: Voice, random: Random): string => {
  const verb = voice.verb()
  // '시계수리 수리' would say it twice.
  if (goods.endsWith(verb)) return goods
  return random.next() < 0.06 ? `${withJosa(goods, '을/를')} ${verb}` : `${goods} ${verb}`
}

/** The product: goods with the verb that distinguishes makers from sellers, or a service unchanged. */
const deal = (voice: Voice, random: Random): string => {
  const { text, needsVerb } = goodsInARow(voice, random)
  return !needsVerb && voice.omitsVerb() ? text : withVerb(text, voice, random)
}

const method = (voice: Voice, random: Random): string => {
  const word = voice.method()
  const chance = random.next()
  if (word.endsWith('기') || endsInVerb.test(word) || word.includes(' ')) return word
  if (chance < 0.34) return word
  if (chance < 0.68) return `${word}하여`
  if (chance < 0.78) return `${word}해서`
  if (chance < 0.84) return `${word} 후`
  if (chance < 0.9) return withJosa(word, '으로/로')
  return `${word} ${voice.method()}`
}

const middle = (voice: Voice, random: Random): string => {
  const manner = random.next() < 0.42 ? voice.manner() : ''
  return manner === '' ? method(voice, random) : manner
}

const place = (voice: Voice, random: Random): string => placePhrase(voice.place(), voice.section, random)

/** Words shared out over three fields, none empty; undefined where there are fewer than three. */
const spread = (text: string, random: Random): Fields | undefined => {
  const words = text.split(' ')
  if (words.length < 3) return undefined
  const first = 1 + random.int(words.length - 2)
  const second = first + 1 + random.int(words.length - first - 1)
  return [
    words.slice(0, first).join(' '),
    words.slice(first, second).join(' '),
    words.slice(second).join(' '),
  ]
}

const fromAnswer = (voice: Voice, random: Random): Fields => {
  const answer = voice.answer()
  const parts = random.next() < 0.6 ? spread(answer, random) : undefined
  if (parts !== undefined) return parts
  const chance = random.next()
  if (chance < 0.4) return [place(voice, random), middle(voice, random), answer]
  if (chance < 0.7) return [answer, middle(voice, random), deal(voice, random)]
  return [goodsInARow(voice, random).text, method(voice, random), answer]
}

/** An answer with all three fields. */
export const composeFull = (voice: Voice, random: Random): Fields => {
  const chance = random.next()
  if (chance < 0.56) return [place(voice, random), middle(voice, random), deal(voice, random)]
  if (chance < 0.78) {
    const { text } = goodsInARow(voice, random)
    const verb = voice.verb()
    if (text.endsWith(verb)) return [place(voice, random), middle(voice, random), text]
    return chance < 0.68
      ? [place(voice, random), withJosa(text, '을/를'), verb]
      : [text, middle(voice, random), verb]
  }
  if (chance < 0.84) return [deal(voice, random), method(voice, random), deal(voice, random)]
  return fromAnswer(voice, random)
}

/** An answer in one breath: goods with a verb, as official index terms are, or a whole answer. */
export const composeShort = (voice: Voice, random: Random): string => {
  const chance = random.next()
  if (chance < 0.56) {
    const { text, needsVerb } = voice.goods()
    return !needsVerb && voice.omitsVerb() ? text : withVerb(text, voice, random)
  }
  if (chance < 0.64) return deal(voice, random)
  if (chance < 0.82) return voice.answer()
  if (chance < 0.87) return `${voice.place()} ${voice.verb()}`
  if (chance < 0.92) return `${voice.goods().text} ${voice.method()}`
  return composeFull(voice, random).join(' ')
}
