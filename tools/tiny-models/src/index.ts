export { GROUPS, saveTinyModel } from './save-tiny-model.ts'
export { tinyKlue } from './tiny-klue.ts'
