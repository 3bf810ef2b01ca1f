export { ksicTableWords } from './ksic/ksic-table-words.ts'
export { ksic10, ksic10AbsentGroups, ksic10Occurring } from './ksic/ksic10.ts'
