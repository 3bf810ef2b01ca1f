export { type HubFaults, type HubServer, type SeenRequest, startHub } from './start-hub.ts'
