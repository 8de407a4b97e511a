/* Of libstdc++, for <cmath>; it would pass by our <stdlib.h>. */
#pragma GCC system_header
#include <stdlib.h>
#include_next <bits/std_abs.h>
