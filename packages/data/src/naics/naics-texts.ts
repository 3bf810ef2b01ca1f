import { defined } from '@kic/core'
/** The source of a text. */
export type NaicsTextKind = 'title' | 'example' | 'sentence'

/** One text that describes a class of the North American Industry Classification System. */
export interface NaicsText {
  readonly kind: NaicsTextKind
  readonly text: string
}

// A sentence that gives a code, or lists exclusions, describes another class.
const namesAnotherClass =
  /\b(?:Sectors?|Subsectors?|Industry Groups?|Industry|Industries|NAICS|U\.S\. Industry)\s+\d|\bexcluded\b|\bnot included\b|\b(?:is|are) classified\b/i

// Words that start most descriptions and are not specific to the class.
const boilerplate: readonly RegExp[] = [
  /^this (?:(?:U\.S\.|NAICS) )?(?:industry group|industry) (?:also )?(?:comprises|includes|consists of) /i,
  /^(?:also )?included (?:in this industry(?: group)? )?are /i,
  /^(?:government )?(?:establishments|units) (?:of companies )?(?:that are )?(?=(?:primarily )?engaged in )/i,
  /^(?:primarily )?engaged in /i,
  /^(?:one or more|one|any) of the following(?: activities)?:? ?/i,
]

const withoutBoilerplate = (text: string): string =>
  boilerplate.reduce((rest, words) => rest.replace(words, ''), text.trim())

const abbreviations = /\b(?:e\.g|i\.e|U\.S|etc|Inc|No|St)\.$/

const splitSentences = (paragraph: string): string[] => {
  const sentences: string[] = []
  let sentence = ''
  for (const piece of paragraph.split(/(?<=\.) +(?=[A-Z])/)) {
    sentence = sentence === '' ? piece : `${sentence} ${piece}`
    if (abbreviations.test(sentence)) continue
    sentences.push(sentence)
    sentence = ''
  }
  if (sentence !== '') sentences.push(sentence)
  return sentences
}

/** "(1) growing corn and/or (2) growing rice" lists two activities. */
const splitEnumeration = (sentence: string): string[] =>
  /\(1\)/.test(sentence) ? sentence.split(/\(\d\)/) : [sentence]

/** The lines of a list. A line with an open bracket continues on the next line. */
const splitList = (list: string): string[] => {
  const items: string[] = []
  let item = ''
  for (const line of list.split(/[\r\n]+/)) {
    item = item === '' ? line : `${item} ${line}`
    if (item.split('(').length > item.split(')').length) continue
    items.push(item)
    item = ''
  }
  if (item !== '') items.push(item)
  return items
}

const tidy = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\s,;:.]*(?:\b(?:and\/or|and|or))?[\s,;:.]*$/, '')
    .trim()

const hasWords = (text: string): boolean => /[a-z]{3,}/i.test(text)

/**
 * The training texts of a NAICS class: its title, each illustrative example, and its description, with one text for
 * each sentence or numbered activity, without the words that start every description. Cross-references and sentences
 * about other classes are left out.
 *
 * @param title as the package stores it; a final "T" (trilateral agreement) is removed
 * @param description paragraphs separated by line breaks; 'NULL' and 'See industry description for …' have no text
 */
export const naicsTexts = (title: string, description: string): NaicsText[] => {
  const texts: NaicsText[] = [{ kind: 'title', text: tidy(title.replace(/(?<=[a-z)])T\s*$/, '')) }]
  const own = defined(description.split(/Cross-References/i)[0])
  if (/^\s*(?:NULL|See industry description)/i.test(own)) return texts
  const [prose = '', examples = ''] = own.split(/Illustrative Examples:/i)
  for (const item of splitList(examples)) texts.push({ kind: 'example', text: tidy(item) })
  for (const paragraph of prose.split(/[\r\n]+/))
    for (const sentence of splitSentences(paragraph.replace(/\s+/g, ' ').trim())) {
      if (namesAnotherClass.test(sentence)) continue
      for (const activity of splitEnumeration(withoutBoilerplate(sentence)))
        texts.push({ kind: 'sentence', text: tidy(withoutBoilerplate(activity)) })
    }
  return texts.filter(({ text }) => hasWords(text))
}
