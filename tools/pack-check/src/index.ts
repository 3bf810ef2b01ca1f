export { type PackedPackage, packPackage } from './pack-package.ts'
export { runCommand } from './run-command.ts'
export { withDependencies, workspacePackages } from './workspace-packages.ts'
