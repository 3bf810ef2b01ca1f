export { writeFileAtomic } from './write-file-atomic.ts'
export { writeFolderAtomic } from './write-folder-atomic.ts'
