/*
 * The three files of a criterion.rs benchmark: benchmark.json (who), estimates.json and sample.json
 * (what), in both spellings: "Mean"/"mean" …, samples as [[iterations],[times]] or as an object.
 */
#include "formats/criterion.h"

#include <string.h>

static int read_throughput(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field both[] = {
        PFL_FIELD_NUMBER("bytes", struct pfl_criterion_work, bytes),
        PFL_FIELD_NUMBER("elements", struct pfl_criterion_work, elements),
        {0},
    };
    struct pfl_criterion_work *work = &((struct pfl_criterion_benchmark *)record)->work;
    bool in_both = pfl_json_key_is(f->json, "ElementsAndBytes");

    if (in_both)
        return pfl_fields_read(f, both, work, err);
    if (pfl_json_key_is(f->json, "Bytes") || pfl_json_key_is(f->json, "BytesDecimal"))
        return pfl_fields_number(f, &work->bytes, err);
    if (pfl_json_key_is(f->json, "Elements"))
        return pfl_fields_number(f, &work->elements, err);
    if (pfl_json_key_is(f->json, "Bits"))
        return pfl_fields_number(f, &work->bits, err);
    pfl_build_warn(f->build, f->json, "a throughput in \"%s\" is not known: left out",
                   f->json->text);
    return pfl_json_skip(f->json, err);
}

static int read_throughputs(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field any[] = {PFL_FIELD_ANY(read_throughput), {0}};

    return pfl_fields_read(f, any, record, err);
}

int pfl_criterion_read_benchmark(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_TEXT("group_id", struct pfl_criterion_benchmark, group),
        PFL_FIELD_TEXT("function_id", struct pfl_criterion_benchmark, function),
        PFL_FIELD_TEXT("value_str", struct pfl_criterion_benchmark, value),
        PFL_FIELD_TEXT("full_id", struct pfl_criterion_benchmark, full),
        PFL_FIELD_CALL("throughput", read_throughputs),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_interval(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBER("lower_bound", struct pfl_criterion_estimate, low),
        PFL_FIELD_NUMBER("upper_bound", struct pfl_criterion_estimate, high),
        PFL_FIELD_NUMBER("confidence_level", struct pfl_criterion_estimate, confidence),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_estimate(struct pfl_fields *f, struct pfl_criterion_estimate *e,
                         struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("confidence_interval", read_interval),
        PFL_FIELD_NUMBER("point_estimate", struct pfl_criterion_estimate, point),
        {0},
    };

    return pfl_fields_read(f, fields, e, err);
}

static int read_mean(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_estimate(f, &((struct pfl_criterion_benchmark *)record)->estimates.mean, err);
}

static int read_median(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_estimate(f, &((struct pfl_criterion_benchmark *)record)->estimates.median, err);
}

static int read_slope(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    return read_estimate(f, &((struct pfl_criterion_benchmark *)record)->estimates.typical, err);
}

static int read_deviation(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_criterion_estimate e = pfl_criterion_no_estimates().mean;
    int rc = read_estimate(f, &e, err);

    ((struct pfl_criterion_benchmark *)record)->estimates.stddev = e.point;
    return rc;
}

int pfl_criterion_read_estimates(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_CALL("mean", read_mean),
        PFL_FIELD_CALL("Mean", read_mean),
        PFL_FIELD_CALL("median", read_median),
        PFL_FIELD_CALL("Median", read_median),
        PFL_FIELD_CALL("slope", read_slope),
        PFL_FIELD_CALL("Slope", read_slope),
        PFL_FIELD_CALL("std_dev", read_deviation),
        PFL_FIELD_CALL("StdDev", read_deviation),
        {0},
    };

    return pfl_fields_read(f, fields, record, err);
}

static int read_list(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    struct pfl_criterion_benchmark *bench = record;

    switch (bench->lists++) {
    case 0: return pfl_fields_numbers_at(f, &bench->iters, err);
    case 1: return pfl_fields_numbers_at(f, &bench->times, err);
    default: return pfl_json_skip(f->json, err);
    }
}

int pfl_criterion_read_sample(struct pfl_fields *f, void *record, struct pfl_err *err)
{
    static const struct pfl_field fields[] = {
        PFL_FIELD_NUMBERS("iters", struct pfl_criterion_benchmark, iters),
        PFL_FIELD_NUMBERS("times", struct pfl_criterion_benchmark, times),
        {0},
    };
    int rc = pfl_json_next(f->json, err);

    if (rc < 0 || f->json->token != PFL_JSON_ARRAY)
        return rc < 0 ? rc : pfl_fields_read_at(f, fields, record, err);
    while ((rc = pfl_json_next_item(f->json, err)) > 0) {
        rc = read_list(f, record, err);
        if (rc < 0)
            return rc;
    }
    return rc;
}
