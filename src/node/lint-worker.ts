import { engine } from '../catalog';
import { readGrammarsFrom } from './grammar-files';
import { serveLint } from './lint-service';

// The entry of dist/worker.js, beside which the wasm files lie.
readGrammarsFrom(__dirname);
serveLint(engine);
