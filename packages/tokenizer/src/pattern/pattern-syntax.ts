import { type CodePointRanges, parseRanges } from '../code-point-ranges.ts'
import { GENERAL_CATEGORIES, PATTERN_SPACE, PATTERN_WORD } from '../unicode/tables.ts'
import { complement, union } from './range-algebra.ts'

/** The part of a regular expression that this package runs. */
export type PatternNode =
  | { readonly kind: 'class'; readonly ranges: CodePointRanges }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | {
      readonly kind: 'repeat'
      readonly part: PatternNode
      readonly min: number
      /** `Infinity` without a bound. */
      readonly max: number
      readonly lazy: boolean
    }
  /** Whether the next character is in the class; at the end of the text only a negative one holds. */
  | { readonly kind: 'ahead'; readonly ranges: CodePointRanges; readonly negative: boolean }

/** The part of a pattern that is not supported. */
export class PatternSyntaxError extends Error {}

const MAX_REPEATS = 100
/** Pairs of letters that ignoring case may match as one character, such as ß for ss. */
const FOLDS_TOGETHER = /ss|st|ff|fi|fl/i

const CATEGORY_NAMES = Object.keys(GENERAL_CATEGORIES) as (keyof typeof GENERAL_CATEGORIES)[]

const categoryRanges = (name: string): CodePointRanges => {
  const names = CATEGORY_NAMES.filter((category) => category === name || category[0] === name)
  if (names.length === 0) throw new PatternSyntaxError(`\\p{${name}} is not a general category`)
  return union(names.map((category) => parseRanges(GENERAL_CATEGORIES[category])))
}

const range = (from: number, to: number): CodePointRanges => Uint32Array.of(from, to)

const CONTROL_ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11 }

/** A letter in both cases, and the one other character that equals it if case is ignored. */
const withoutCase = (codePoint: number): CodePointRanges => {
  const letter = String.fromCodePoint(codePoint)
  if (codePoint > 0x7f) throw new PatternSyntaxError(`${letter} in (?i:…)`)
  if (!/[a-z]/i.test(letter)) return range(codePoint, codePoint)
  const twins = [letter.toLowerCase(), letter.toUpperCase()].map((c) => c.charCodeAt(0))
  if (/s/i.test(letter)) twins.push(0x17f)
  if (/k/i.test(letter)) twins.push(0x212a)
  return union(twins.map((twin) => range(twin, twin)))
}

/** Reads a regular expression in the syntax of Oniguruma, one method for each level of precedence. */
class PatternReader {
  readonly #characters: readonly string[]
  #at = 0
  #ignoresCase = false

  constructor(source: string) {
    this.#characters = [...source]
  }

  pattern(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#characters.length) throw this.#error()
    return node
  }

  #error(): PatternSyntaxError {
    const rest = this.#characters.slice(this.#at, this.#at + 12).join('')
    return new PatternSyntaxError(rest === '' ? 'its end' : rest)
  }

  #looksAt(text: string): boolean {
    return [...text].every((character, i) => this.#characters[this.#at + i] === character)
  }

  #accept(text: string): boolean {
    if (!this.#looksAt(text)) return false
    this.#at += [...text].length
    return true
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#error()
  }

  #next(): string {
    const character = this.#characters[this.#at]
    if (character === undefined) throw this.#error()
    this.#at++
    return character
  }

  #choice(): PatternNode {
    const options = [this.#sequence()]
    while (this.#accept('|')) options.push(this.#sequence())
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options }
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = []
    while (this.#at < this.#characters.length && !this.#looksAt('|') && !this.#looksAt(')')) {
      parts.push(this.#repeated())
    }
    return { kind: 'sequence', parts }
  }

  #repeated(): PatternNode {
    const part = this.#atom()
    const bounds = this.#bounds()
    if (bounds === null) return part
    if (part.kind === 'ahead') throw new PatternSyntaxError('a repeated look-ahead')
    const [min, max, counted] = bounds
    const lazy = !counted && this.#accept('?')
    // What follows here would be possessive, or a repetition of the repetition.
    if ('?*+{'.includes(this.#characters[this.#at] ?? ' ')) throw this.#error()
    return { kind: 'repeat', part, min, max, lazy }
  }

  #bounds(): readonly [min: number, max: number, counted: boolean] | null {
    if (this.#accept('?')) return [0, 1, false]
    if (this.#accept('*')) return [0, Number.POSITIVE_INFINITY, false]
    if (this.#accept('+')) return [1, Number.POSITIVE_INFINITY, false]
    if (!this.#accept('{')) return null
    const min = this.#number()
    const max = this.#accept(',') ? (this.#looksAt('}') ? Number.POSITIVE_INFINITY : this.#number()) : min
    this.#expect('}')
    if (max < min) throw new PatternSyntaxError(`{${min},${max}}`)
    return [min, max, true]
  }

  #number(): number {
    let digits = ''
    while (/^[0-9]$/.test(this.#characters[this.#at] ?? '')) digits += this.#next()
    const value = Number.parseInt(digits, 10)
    if (!(value <= MAX_REPEATS)) throw new PatternSyntaxError(`{${digits}}`)
    return value
  }

  #atom(): PatternNode {
    if (this.#accept('(')) return this.#group()
    if (this.#accept('[')) return { kind: 'class', ranges: this.#set() }
    if (this.#accept('.')) return { kind: 'class', ranges: complement(range(10, 10)) }
    if (this.#accept('\\')) return { kind: 'class', ranges: this.#escape() }
    if ('?*+{}^$]'.includes(this.#characters[this.#at] ?? ' ')) throw this.#error()
    return { kind: 'class', ranges: this.#literal(this.#next()) }
  }

  #literal(character: string): CodePointRanges {
    const point = character.codePointAt(0) ?? 0
    return this.#ignoresCase ? withoutCase(point) : range(point, point)
  }

  #group(): PatternNode {
    if (this.#accept('?!')) return this.#ahead(true)
    if (this.#accept('?=')) return this.#ahead(false)
    if (this.#accept('?i:')) return this.#withoutCase()
    if (!this.#accept('?:') && this.#looksAt('?')) throw this.#error()
    const node = this.#choice()
    this.#expect(')')
    return node
  }

  #withoutCase(): PatternNode {
    const outer = this.#ignoresCase
    const from = this.#at
    this.#ignoresCase = true
    const node = this.#choice()
    this.#ignoresCase = outer
    const source = this.#characters.slice(from, this.#at).join('')
    if (FOLDS_TOGETHER.test(source)) throw new PatternSyntaxError(`(?i:${source})`)
    this.#expect(')')
    return node
  }

  #ahead(negative: boolean): PatternNode {
    const node = this.#atom()
    if (node.kind !== 'class') throw new PatternSyntaxError('a look-ahead at more than one character')
    this.#expect(')')
    return { kind: 'ahead', ranges: node.ranges, negative }
  }

  /** What follows a backslash. */
  #escape(): CodePointRanges {
    const character = this.#next()
    switch (character) {
      case 's':
        return parseRanges(PATTERN_SPACE)
      case 'S':
        return complement(parseRanges(PATTERN_SPACE))
      case 'w':
        return parseRanges(PATTERN_WORD)
      case 'W':
        return complement(parseRanges(PATTERN_WORD))
      case 'd':
        return categoryRanges('Nd')
      case 'D':
        return complement(categoryRanges('Nd'))
      case 'p':
      case 'P':
        return this.#property(character === 'P')
    }
    const control = Object.hasOwn(CONTROL_ESCAPES, character) ? CONTROL_ESCAPES[character] : undefined
    if (control !== undefined) return range(control, control)
    if (character === 'u' || character === 'x') return this.#codePoint(character)
    // Other letters and digits would be anchors, back references and the like.
    if (/^[\p{L}\p{N}]$/u.test(character)) throw new PatternSyntaxError(`\\${character}`)
    return this.#literal(character)
  }

  #codePoint(kind: 'u' | 'x'): CodePointRanges {
    const isBraced = kind === 'x' && this.#accept('{')
    let digits = ''
    while (digits.length < (isBraced ? 6 : 4) && /^[0-9a-f]$/i.test(this.#characters[this.#at] ?? '')) {
      digits += this.#next()
    }
    if (isBraced) this.#expect('}')
    const point = Number.parseInt(digits, 16)
    if ((kind === 'x' && !isBraced) || (kind === 'u' && digits.length < 4) || !(point <= 0x10ffff)) {
      throw new PatternSyntaxError(`\\${kind}${digits}`)
    }
    return this.#literal(String.fromCodePoint(point))
  }

  #property(negative: boolean): CodePointRanges {
    this.#expect('{')
    const inverted = this.#accept('^')
    let name = ''
    while (!this.#looksAt('}')) name += this.#next()
    this.#expect('}')
    const ranges = categoryRanges(name)
    return negative !== inverted ? complement(ranges) : ranges
  }

  /** What follows an opening bracket: single characters, ranges and escapes, without sets in sets. */
  #set(): CodePointRanges {
    const negative = this.#accept('^')
    const members: CodePointRanges[] = []
    if (this.#looksAt(']')) throw this.#error()
    while (!this.#accept(']')) {
      if (this.#looksAt('[') || this.#looksAt('&&')) throw this.#error()
      const first = this.#member()
      if (!this.#looksAt('-') || this.#characters[this.#at + 1] === ']') {
        members.push(first)
        continue
      }
      this.#expect('-')
      if (this.#looksAt('[')) throw this.#error()
      const last = this.#member()
      const [from, to] = [first[0] ?? 0, last[0] ?? 0]
      const isPlain = first.length === 2 && first[1] === from && last.length === 2 && last[1] === to
      if (!isPlain || to < from || this.#ignoresCase) throw new PatternSyntaxError('a range between classes')
      members.push(range(from, to))
    }
    const ranges = union(members)
    return negative ? complement(ranges) : ranges
  }

  #member(): CodePointRanges {
    return this.#accept('\\') ? this.#escape() : this.#literal(this.#next())
  }
}

/**
 * Reads a regular expression as `Split` and `Replace` of a tokenizer.json hold it, in the syntax of Oniguruma: literals,
 * `.`, sets, `\s \w \d \p{general category}` and their complements, groups, `(?i:…)` of ASCII letters, alternation,
 * greedy and lazy repetition, and a look-ahead at one character.
 *
 * @throws PatternSyntaxError at whatever else it meets.
 */
export const readPattern = (source: string): PatternNode => new PatternReader(source).pattern()
