/** Prints test/zones.mjs as JSON. */
import { zones } from '../../zones.mjs';

console.log(JSON.stringify(zones));
