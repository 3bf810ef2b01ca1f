import fc from 'fast-check'
import { expect, it } from 'vitest'
import { listedLabel } from './listed-label.ts'

it('writes codes and words as they are, and other labels as JSON strings', () => {
  for (const plain of ['011', 'A', '31-33', 'sport', '농업', 'R&D', "don't", 'é'])
    expect(listedLabel(plain)).toBe(plain)
  expect(listedLabel('my account')).toBe('"my account"')
  expect(listedLabel('credit card: fees')).toBe('"credit card: fees"')
  expect(listedLabel('the "other"')).toBe('"the \\"other\\""')
  expect(listedLabel('two\nlines')).toBe('"two\\nlines"')
  for (const first of ['=', '+', '-', '@', '＝', "'", '\t', ''])
    expect(listedLabel(`${first}${first === '' ? '' : 'x'}`)).toMatch(/^"/)
})

/** The labels of a list, by the rule of the CLI's README. */
const labelsIn = (list: string): readonly string[] => {
  const labels: string[] = []
  for (let rest = list; rest !== ''; ) {
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0]
    const written = quoted ?? rest.slice(0, rest.indexOf(':'))
    labels.push(quoted === undefined ? written : JSON.parse(quoted))
    const share = /^:\d\.\d{4}( |$)/.exec(rest.slice(written.length))
    if (share === null) throw new Error(`no share after ${written} in ${list}`)
    rest = rest.slice(written.length + share[0].length)
  }
  return labels
}

it('makes lists from which any labels are read again', () => {
  const label = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'a0농 :"\'\\\n=-.', '0.9 ', ':0.5000 '), maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )
  fc.assert(
    fc.property(fc.array(label), (labels) => {
      expect(labelsIn(labels.map((one) => `${listedLabel(one)}:0.5000`).join(' '))).toEqual(labels)
    }),
  )
})
