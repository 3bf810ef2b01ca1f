export { checkOutputFile, checkOutputFolder } from './check-output.ts'
export { withOutputLock } from './output-lock.ts'
export { writeFileAtomic } from './write-file-atomic.ts'
export { writeFolderAtomic } from './write-folder-atomic.ts'
