import { type Classification, type ClassificationNode, createClassification } from '../classification.ts'
import { restrictClassification } from '../restrict-classification.ts'
import { ksic10Table } from './ksic10-table.ts'

/** Short English names of the sections, after ISIC rev. 4, on which the Korean classification builds. */
const sectionsInEnglish: Readonly<Record<string, string>> = {
  A: 'Agriculture, forestry and fishing',
  B: 'Mining and quarrying',
  C: 'Manufacturing',
  D: 'Electricity, gas and steam',
  E: 'Water, sewage and waste',
  F: 'Construction',
  G: 'Wholesale and retail trade',
  H: 'Transport and storage',
  I: 'Accommodation and food service',
  J: 'Information and communication',
  K: 'Finance and insurance',
  L: 'Real estate',
  M: 'Professional, scientific and technical',
  N: 'Facilities, business support and rental',
  O: 'Public administration and defence',
  P: 'Education',
  Q: 'Health and social work',
  R: 'Arts, sports and recreation',
  S: 'Associations, repair and personal service',
  T: 'Households as employers and producers',
  U: 'International organisations',
}

const readTable = (table: string): Classification => {
  const sections: ClassificationNode[] = []
  const divisions: ClassificationNode[] = []
  const groups: ClassificationNode[] = []
  for (const line of table.trim().split('\n')) {
    const space = line.indexOf(' ')
    const code = line.slice(0, space)
    const name = line.slice(space + 1)
    const section = sections.at(-1)?.code
    const division = divisions.at(-1)?.code
    const english = sectionsInEnglish[code]
    if (code.length === 1) sections.push(english === undefined ? { code, name } : { code, name, english })
    else if (code.length === 2 && section !== undefined) divisions.push({ code, parent: section, name })
    else if (division !== undefined) groups.push({ code, parent: division, name })
  }
  return createClassification('KSIC rev. 10', [
    { name: 'section', nodes: sections },
    { name: 'division', nodes: divisions },
    { name: 'group', nodes: groups },
  ])
}

/**
 * The Korean Standard Industrial Classification, 10th revision: 21 sections, 77 divisions, 232 groups, with their
 * official names. Levels: `section` (a letter), `division` (two digits), `group` (three digits).
 */
export const ksic10: Classification = /* @__PURE__ */ readTable(ksic10Table)

/** The groups of KSIC rev. 10 for which the 2022 competition of Statistics Korea has no row. */
export const ksic10AbsentGroups: readonly string[] = ['013', '015', '052', '970', '981', '982', '990']

/** The part of KSIC rev. 10 that occurs in the competition: 19 sections, 74 divisions, 225 groups. */
export const ksic10Occurring: Classification = /* @__PURE__ */ restrictClassification(
  ksic10,
  (ksic10.levels[2]?.nodes ?? [])
    .map((node) => node.code)
    .filter((code) => !ksic10AbsentGroups.includes(code)),
  'KSIC rev. 10, as it occurs in the competition',
)
