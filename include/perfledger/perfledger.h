/* All of libperfledger. */
#ifndef PERFLEDGER_PERFLEDGER_H
#define PERFLEDGER_PERFLEDGER_H

#include <perfledger/accuracy.h>
#include <perfledger/allocations.h>
#include <perfledger/artifact.h>
#include <perfledger/bench.h>
#include <perfledger/budget.h>
#include <perfledger/random.h>
#include <perfledger/stage.h>

#endif
