import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { coverageDocument } from './document';
import { findUsers } from './usage';

writeFileSync(join(__dirname, '../../docs/api-coverage.md'), coverageDocument(findUsers()));
