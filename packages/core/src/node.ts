export { checkFolderTarget } from './check-folder-target.ts'
export { writeFileAtomic } from './write-file-atomic.ts'
export { writeFolderAtomic } from './write-folder-atomic.ts'
