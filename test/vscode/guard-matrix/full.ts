import { allCases } from './cases';
import { describeMatrix } from './matrix';

/* `npm run test:guard-matrix`: every combination there can be, which takes the better part of an hour. */
describeMatrix('the commit guard, all circumstances together', allCases);
