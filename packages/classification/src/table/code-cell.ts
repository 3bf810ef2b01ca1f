/**
 * The code that a cell holds: without white space, and without what keeps a spreadsheet program from reading a number
 * ("'011", '="011"'). Full-width digits and dashes of any length are the usual ones.
 */
export const codeCell = (cell: string): string =>
  cell
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, '')
    .replace(/^="(.*)"$/, '$1')
    .replace(/^'/, '')
