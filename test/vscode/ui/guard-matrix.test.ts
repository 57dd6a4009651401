import { allCases, pairwise } from '../guard-matrix/cases';
import { describeMatrix } from '../guard-matrix/matrix';

describeMatrix('the commit guard, each two circumstances together', (layouts) =>
  pairwise(allCases(layouts)),
);
