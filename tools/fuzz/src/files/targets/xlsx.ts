import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ksic10 } from '@kic/classification/ksic'
import { readRowBlocks } from '@kic/data/node'
import fc from 'fast-check'
import { judge } from '../judge.ts'
import { mutation } from '../mutations.ts'
import type { Target } from '../target.ts'
import { zipOf } from '../zip-of.ts'

const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`

const ROWS =
  `<row r="1">${['id', 'text', 'group', '비고'].map(text).join('')}</row>` +
  `<row r="2">${text('1')}<c r="B2" t="s"><v>0</v></c><c s="1"><v>11</v></c><c s="2"><v>44931.5</v></c></row>` +
  `<row r="4"><c r="A4"><v>2.0</v></c><c t="s"><v>1</v></c><c t="str"><f>A1</f><v>952</v></c><c t="e"><v>#N/A</v></c></row>` +
  `<row><c><v>3</v></c><c t="b"><v>1</v></c><c/><c><f>1+1</f></c></row>`
const STRINGS = '<si><t>논에서 벼재배</t></si><si><r><t>카센터_x0041_</t></r><rPh><t>x</t></rPh></si>'
const STYLES =
  '<numFmts><numFmt numFmtId="200" formatCode="000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="14"/></cellXfs>'
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
const RELATIONSHIP = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

const PARTS: Readonly<Record<string, string>> = {
  'xl/worksheets/sheet1.xml': `<worksheet ${MAIN}><sheetData>${ROWS}</sheetData></worksheet>`,
  'xl/sharedStrings.xml': `<sst ${MAIN}>${STRINGS}</sst>`,
  'xl/styles.xml': `<styleSheet ${MAIN}>${STYLES}</styleSheet>`,
  'xl/workbook.xml': `<workbook ${MAIN} xmlns:r="${RELATIONSHIP}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${RELATIONSHIP}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${RELATIONSHIP}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="${RELATIONSHIP}/styles" Target="/xl/styles.xml"/></Relationships>`,
}
const NAMES = Object.keys(PARTS)

/** A workbook of these parts, as a spreadsheet program packs them. */
const workbookOf = (parts: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> =>
  zipOf({
    '_rels/.rels': `<Relationships><Relationship Id="r1" Type="${RELATIONSHIP}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    ...parts,
  })

const read = async (workbook: string | Uint8Array): Promise<void> => {
  const options = {
    classification: ksic10,
    rejects: 'collect',
    others: 'keep',
    duplicateIds: 'accept',
  } as const
  for await (const { rows } of readRowBlocks(workbook, options)) {
    for (const { id, text: own } of rows) if (own === '') throw new Error(`row ${id} has no text`)
  }
}

/** A workbook from the bytes of its archive. */
export const xlsx: Target = {
  name: 'xlsx',
  inputs: async () => {
    const workbook = await workbookOf(PARTS)
    return mutation(workbook.length).map((mutate) => mutate(workbook))
  },
  check: (bytes) =>
    judge(bytes.length, async () => {
      await read(bytes)
      return { bytes: 0 }
    }),
}

/** The same bytes as a file, which is read range by range. */
export const xlsxFile: Target = {
  ...xlsx,
  name: 'xlsx-file',
  check: async (bytes, folder) => {
    const path = join(folder, 'mutated.xlsx')
    await writeFile(path, bytes)
    return judge(bytes.length, async () => {
      await read(path)
      return { bytes: 0 }
    })
  },
}

/** A workbook from the bytes of one part, in an archive that is right: the first byte says which part it is. */
export const xlsxPart: Target = {
  name: 'xlsx-part',
  inputs: async () =>
    fc.tuple(fc.nat(NAMES.length - 1), mutation(400)).map(([at, mutate]) => {
      const part = new TextEncoder().encode(PARTS[NAMES[at] ?? ''])
      return new Uint8Array(Buffer.concat([Uint8Array.of(at), mutate(part)]))
    }),
  check: async (bytes) => {
    const name = NAMES[bytes[0] ?? 0] ?? ''
    const workbook = await workbookOf({ ...PARTS, [name]: bytes.subarray(1) })
    return judge(workbook.length, async () => {
      await read(workbook)
      return { bytes: 0 }
    })
  },
}
