import { expect, it } from 'vitest'
import { parseClassification } from './parse-classification.ts'

const cells = (...lines: string[]): string[][] => lines.map((line) => line.split(','))

it.each([
  [
    'header',
    cells('text,number', 'a,1'),
    /a header must name one column of codes and one of names.*, received 'text \| number' in line 1\. Name them by the option columns\./,
  ],
  ['header', cells('code,code,name', '1,1,a'), /one column of codes/],
  ['header', cells('code,name'), /rows below the header/],
  [
    'empty-code',
    cells('code,name', '01,a', ',Source: the office'),
    /received none for 'Source: the office' in line 3/,
  ],
  [
    'empty-name',
    cells('code,name', 'A,a', '01,', '02,'),
    /received none for '01' in line 3, and so in 1 more: line 4\. Add/,
  ],
  [
    'duplicate-code',
    cells('code,name,parent', 'A,a,', '01,b,A', '01,c,A'),
    /'01', which line 3 has, in line 4/,
  ],
  ['duplicate-code', cells('code,name', 'A,a', '01,b', '01,c'), /'01'/],
  [
    'orphan',
    cells('code,name,parent', 'A,a,', '011,b,01'),
    /a parent must be a code of the table, received '01' for '011' in line 3/,
  ],
  [
    'orphan',
    cells('code,name', '01,a', '011,b', '021,c'),
    /must begin with a code one level above, received '021' in line 4\. Add/,
  ],
  [
    'orphan',
    cells('code,name', '01,a', '010,b', '0100,c', '20,d', '200,e', '2000,f', '101,g'),
    /'101' in line 8\. Some lost a leading zero/,
  ],
  ['orphan', cells('code,name,level', '01,a,2', 'A,b,1'), /must stand below its parent.*'01' in line 2/],
  [
    'cycle',
    cells('code,name,parent', 'a,A,c', 'b,B,a', 'c,C,b'),
    /received 'a' below 'c' below 'b' below 'a' in line 2\. Correct/,
  ],
  ['cycle', cells('code,name,parent', 'a,A,a'), /received 'a' below 'a'/],
  [
    'skipped-level',
    cells('code,name,level', 'A,a,1', '01,b,2', '0x,c,3', 'B,d,1', '0y,e,3'),
    /directly above, received '0y' in line 6/,
  ],
  [
    'skipped-level',
    cells('code,name,parent,level', 'A,a,,1', '01,b,A,2', '011,c,01,3', '02,d,A,2', 'B,e,,1', '031,f,B,3'),
    /directly above, received '031' of the level '3' with the parent 'B' in line 7/,
  ],
  [
    'skipped-level',
    cells('Section,Division,Group,Name', 'A,,,a', ',01,,b', ',,011,c', 'B,,,d', ',,031,e'),
    /received '031' of the level 'group' in line 6\. Add the missing code/,
  ],
  [
    'order',
    cells('code,name,level', 'A,a,1', 'B,b,1', '01,c,2', '02,d,2'),
    /'A' with none below it in line 2\. Sort/,
  ],
  ['order', cells('code,name', 'A,a', 'B,b', '01,c', '02,d'), /'A' with none below it/],
  [
    'lost-zeros',
    cells('code,name', 'A,a', '1,b', '11,c', '10,e', '101,f'),
    /'11' with none below it in line 4, and so in 1 more/,
  ],
  ['skipped-level', cells('code,name', 'A,a', '1,b', '11,c', 'B,d', '10,e', '101,f'), /'10' in line 6/],
  ['unknown-level', cells('code,name,level', 'A,a,1', '01,b,'), /received '' for '01' in line 3/],
  [
    'empty-code',
    cells('Section,Division,Name', 'A,01,a', ',,Notes'),
    /received none beside 'Notes' in line 3/,
  ],
  [
    'duplicate-code',
    cells('Section,Division,Name', 'A,01,a', 'B,01,b'),
    /'01' of 'B', first of 'A' in line 3/,
  ],
  [
    'duplicate-code',
    cells('Section,Section name,Division,Division name', 'A,a,01,b', 'A,other,02,c'),
    /received 'other' for 'A', first 'a' in line 3/,
  ],
])('refuses classification/%s with line, code and remedy: %j', (code, table, message) => {
  expect(() => parseClassification(table)).toThrow(
    expect.objectContaining({ code: `classification/${code}`, message: expect.stringMatching(message) }),
  )
})

it('names the source, and says lines as the records have them', () => {
  const table = [
    { line: 3, cells: ['code', 'name'] },
    { line: 7, cells: ['A', ''] },
  ]
  expect(() => parseClassification(table, { source: 'isic.csv' })).toThrow(
    "parseClassification: isic.csv: every class must have a name, received none for 'A' in line 7. Add the name, or repeat the code.",
  )
})

it('refuses options that do not fit', () => {
  const table = cells('code,name', 'A,a', '01,b')
  const refused = (options: object, message: RegExp) =>
    expect(() => parseClassification(table, options)).toThrow(message)
  refused({ levels: ['one'] }, /the table has 2 levels, received 1 names \(one\)/)
  refused({ depth: 0 }, /depth must be 1 or more, received 0/)
  refused(
    { columns: { code: 'nr', name: 'name' } },
    /a header must have the columns 'nr', 'name', received 'code \| name'/,
  )
})
