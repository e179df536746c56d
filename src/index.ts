export { backend, init, setBackend } from './backend/backend.ts';
