export { GROUPS, KSIC_NOTES, saveTinyModel } from './save-tiny-model.ts'
export { tinyKlue } from './tiny-klue.ts'
