/*
 * The reference as a worker of the benchmark: JSON lines in, JSON lines out.
 *
 *   gcc -O3 -march=native -std=gnu11 *.c -lm -o reference
 *
 *   {"op":"hello"}                                             -> {"versions":{"gcc":"..."}}
 *   {"op":"setup","workload":{"task":"step","count":32,...}}   -> {"ok":true}
 *   {"op":"answer"}                                            -> {"values":[...]}
 *   {"op":"time","calls":100}                                  -> {"ns":123456}
 *   {"op":"memory"}                                            -> {"bytes":123456}
 *
 * The workload is flat, so a field is found by its name and read with strtod. A task that cannot be done
 * answers {"error":"..."}.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include "model.h"

typedef enum { LOSS, GRADIENT, STEP, SHOTS_STEP, TASKS } Task;

static const char *const TASK_NAMES[TASKS] = { "loss", "gradient", "step", "shots-step" };

/* What `setup` gives. */
static struct {
    Task task;
    Batch batch;
    int shots;
    double rate;
    /* Calls alternate between two sets of parameters, so that no result can be kept from one to the next. */
    double *parameters[2];
    double *features;
    double *labels;
} workload;

/* Results of the latest call. */
static double loss, tentative, gradient[PARAMETERS];

/* Text behind "name": in a line, or null. */
static const char *field(const char *line, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *found = strstr(line, key);
    return found ? found + strlen(key) + strspn(found + strlen(key), " ") : NULL;
}

static double number(const char *line, const char *name)
{
    const char *text = field(line, name);
    return text ? strtod(text, NULL) : 0;
}

/* A list of `count` numbers, to be freed; null when the list is missing or shorter. */
static double *numbers(const char *line, const char *name, long count)
{
    const char *text = field(line, name);
    double *list = malloc(count * sizeof *list);
    if (!text || *text != '[' || !list) {
        free(list);
        return NULL;
    }
    for (long i = 0; i < count; i++) {
        char *end;
        list[i] = strtod(++text, &end);
        if (end == text) {
            free(list);
            return NULL;
        }
        text = end;
    }
    return list;
}

static int is_text(const char *line, const char *name, const char *text)
{
    const char *found = field(line, name);
    size_t length = strlen(text);
    return found && *found == '"' && strncmp(found + 1, text, length) == 0 && found[1 + length] == '"';
}

/* Takes a workload; what is wrong with it, or null. */
static const char *set_up(const char *line)
{
    int task = 0;
    while (task < TASKS && !is_text(line, "task", TASK_NAMES[task]))
        task++;
    if (task == TASKS)
        return "not a task of the reference";
    if (number(line, "qubits") != QUBITS || number(line, "layers") != LAYERS)
        return "the reference is compiled for the paper's model alone";
    free(workload.features);
    free(workload.labels);
    free(workload.parameters[0]);
    free(workload.parameters[1]);
    int count = (int)number(line, "count"), width = (int)number(line, "width");
    workload.task = (Task)task;
    workload.shots = (int)number(line, "shots");
    workload.rate = number(line, "rate");
    workload.features = numbers(line, "features", (long)count * width);
    workload.labels = numbers(line, "labels", count);
    workload.parameters[0] = numbers(line, "theta", PARAMETERS);
    workload.parameters[1] = numbers(line, "other", PARAMETERS);
    workload.batch = (Batch){ count, width, workload.features, workload.labels };
    seed_uniform((unsigned long long)number(line, "seed"));
    int complete = workload.features && workload.labels && workload.parameters[0] && workload.parameters[1];
    return complete && width <= AMPLITUDES ? NULL : "the workload is incomplete";
}

static void step_back(const double *parameters, double moved[PARAMETERS])
{
    for (int p = 0; p < PARAMETERS; p++)
        moved[p] = parameters[p] - workload.rate * gradient[p];
}

/* The task once, at one of the two sets of parameters. */
static void call(int which)
{
    const double *parameters = workload.parameters[which];
    double moved[PARAMETERS];
    switch (workload.task) {
    case LOSS:
        loss = exact_loss(&workload.batch, parameters);
        break;
    case GRADIENT:
        loss = exact_gradient(&workload.batch, parameters, gradient);
        break;
    case STEP:
        loss = exact_gradient(&workload.batch, parameters, gradient);
        step_back(parameters, moved);
        tentative = exact_loss(&workload.batch, moved);
        break;
    default:
        loss = shots_gradient(&workload.batch, parameters, workload.shots, gradient);
        step_back(parameters, moved);
        tentative = shots_loss(&workload.batch, moved, workload.shots);
    }
}

/* Loss, then the tentative loss of a step, then the gradient; at both sets of parameters. */
static void answer(void)
{
    printf("{\"values\":[");
    for (int which = 0; which < 2; which++) {
        call(which);
        printf("%s%.17g", which ? "," : "", loss);
        if (workload.task == STEP || workload.task == SHOTS_STEP)
            printf(",%.17g", tentative);
        for (int p = 0; workload.task != LOSS && p < PARAMETERS; p++)
            printf(",%.17g", gradient[p]);
    }
    printf("]}\n");
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void reply(const char *line)
{
    if (is_text(line, "op", "setup")) {
        const char *wrong = set_up(line);
        if (wrong)
            printf("{\"error\":\"%s\"}\n", wrong);
        else
            printf("{\"ok\":true}\n");
    } else if (is_text(line, "op", "answer")) {
        answer();
    } else if (is_text(line, "op", "time")) {
        long calls = (long)number(line, "calls");
        long long start = now();
        for (long i = 0; i < calls; i++)
            call(i & 1);
        printf("{\"ns\":%lld}\n", now() - start);
    } else if (is_text(line, "op", "memory")) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        printf("{\"bytes\":%lld}\n", usage.ru_maxrss * 1024LL);
    } else if (is_text(line, "op", "hello")) {
        printf("{\"versions\":{\"gcc\":\"%s\"}}\n", __VERSION__);
    } else {
        printf("{\"error\":\"unknown operation\"}\n");
    }
    fflush(stdout);
}

int main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, stdin) > 0)
        reply(line);
    return 0;
}
