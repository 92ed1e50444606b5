//! wai-quantum's dense state vector, natively, as a worker of the benchmark: JSON lines in, JSON lines out.
//! bench/peers/workers/worker.py says what each message means.
//!
//! Its documentation (`quantum_sv`: "Fusion", "Tiles") has `StateVector::run` with a fusion width; `fuse` at width 2
//! makes one gate of each CNOT and the rotations before it. What is the same for all samples is fused once a call.
//! Natively every gate asks the system how many processors there are, and nothing public turns that off: on six qubits
//! that is most of its time. A sample is copied into the state's arrays, `sample` draws bitstrings, `expectation` gives
//! <Z0>. The state vector has no gradients but by displaced circuits, as a step with shots has them; exact ones, for
//! which its engine takes OpenQASM in JSON (`engine::variational`), are left out.

use serde_json::{json, Value};
use std::f64::consts::FRAC_PI_2;
use std::io::{BufRead, Write};
use std::time::Instant;
use wai_quantum::gates::Gate;
use wai_quantum::quantum_sv::{fuse, StateVector};

/// Qubits that a fused gate acts on at most.
const WIDTH: usize = 2;

/// A workload: see bench/peers/workload.ts. Qubit 0 is the most significant bit, as it is here.
struct Workload {
    task: String,
    qubits: u32,
    layers: usize,
    measured: u32,
    shots: usize,
    rate: f64,
    parameters: [Vec<f64>; 2],
    /// y = -1 or +1
    targets: Vec<f64>,
    /// Amplitudes of each sample, normalised and padded with zeros.
    states: Vec<Vec<f64>>,
    observable: Vec<(f64, Vec<(u32, char)>)>,
    /// The state at work.
    state: StateVector,
    /// Of the next circuit's shots.
    seed: u64,
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map_or(vec![], |list| list.iter().map(|each| each.as_f64().unwrap_or(f64::NAN)).collect())
}

impl Workload {
    fn new(fields: &Value) -> Result<Workload, String> {
        let integer = |name: &str| fields[name].as_u64().unwrap_or(0) as usize;
        let qubits = integer("qubits") as u32;
        let size = 1usize << qubits;
        let states = numbers(&fields["features"])
            .chunks(integer("width"))
            .map(|row| {
                let norm = row.iter().map(|x| x * x).sum::<f64>().sqrt();
                (0..size).map(|k| row.get(k).map_or(0.0, |x| x / norm)).collect()
            })
            .collect();
        Ok(Workload {
            task: fields["task"].as_str().unwrap_or("").to_string(),
            qubits,
            layers: integer("layers"),
            measured: integer("measured") as u32,
            shots: integer("shots"),
            rate: fields["rate"].as_f64().unwrap_or(f64::NAN),
            parameters: [numbers(&fields["theta"]), numbers(&fields["other"])],
            targets: numbers(&fields["labels"]).iter().map(|label| 2.0 * label - 1.0).collect(),
            states,
            observable: vec![(1.0, vec![(integer("measured") as u32, 'Z')])],
            state: StateVector::zero(qubits).map_err(|error| format!("{error:?}"))?,
            seed: 0,
        })
    }

    /// The paper's circuit, fused.
    fn gates(&self, theta: &[f64]) -> Vec<Gate> {
        let mut gates = Vec::new();
        let mut angles = theta.iter();
        let mut angle = || *angles.next().unwrap_or(&f64::NAN);
        for _ in 0..self.layers {
            for qubit in 0..self.qubits {
                gates.push(Gate::rx(qubit, angle()));
                gates.push(Gate::ry(qubit, angle()));
                gates.push(Gate::rz(qubit, angle()));
            }
            for qubit in 1..self.qubits {
                gates.push(Gate::cx(qubit - 1, qubit));
            }
        }
        fuse(&gates, WIDTH)
    }

    /// Runs a sample through fused gates.
    fn run(&mut self, gates: &[Gate], sample: usize) {
        self.state.re.copy_from_slice(&self.states[sample]);
        self.state.im.fill(0.0);
        // They are fused already.
        self.state.run(gates, 0).expect("the gates fit the register");
    }

    /// <Z>, exact or from shots, of the state at work.
    fn measure(&mut self, shots: usize) -> f64 {
        if shots == 0 {
            return self.state.expectation(&self.observable);
        }
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15).rotate_left(17);
        let bit = 1u64 << (self.qubits - 1 - self.measured);
        let ones = self.state.sample(shots, self.seed).iter().filter(|&&outcome| outcome & bit != 0).count();
        1.0 - 2.0 * ones as f64 / shots as f64
    }

    /// <Z> of every sample.
    fn values(&mut self, theta: &[f64], shots: usize) -> Vec<f64> {
        let gates = self.gates(theta);
        (0..self.states.len())
            .map(|sample| {
                self.run(&gates, sample);
                self.measure(shots)
            })
            .collect()
    }

    /// Mean (f - y)^2.
    fn loss(&self, values: &[f64]) -> f64 {
        let squares = values.iter().zip(&self.targets).map(|(f, y)| (f - y) * (f - y));
        squares.sum::<f64>() / values.len() as f64
    }

    /// The gradient by the shift rule, given the values that the loss is at.
    fn gradient(&mut self, theta: &[f64], values: &[f64], shots: usize) -> Vec<f64> {
        (0..theta.len())
            .map(|parameter| {
                let mut moved = theta.to_vec();
                moved[parameter] = theta[parameter] + FRAC_PI_2;
                let plus = self.values(&moved, shots);
                moved[parameter] = theta[parameter] - FRAC_PI_2;
                let minus = self.values(&moved, shots);
                let each = (0..values.len())
                    .map(|i| 2.0 * (values[i] - self.targets[i]) * (plus[i] - minus[i]) / 2.0);
                each.sum::<f64>() / values.len() as f64
            })
            .collect()
    }

    /// Does the task at `theta` (0) or at `other` (1).
    fn call(&mut self, which: usize) -> Vec<f64> {
        let theta = self.parameters[which].clone();
        let shots = self.shots;
        let values = self.values(&theta, shots);
        match self.task.as_str() {
            "evaluate" | "sample" => values,
            "loss" => vec![self.loss(&values)],
            _ => {
                let slope = self.gradient(&theta, &values, shots);
                let moved: Vec<f64> = theta.iter().zip(&slope).map(|(angle, s)| angle - self.rate * s).collect();
                let tentative = self.values(&moved, shots);
                [vec![self.loss(&values), self.loss(&tentative)], slope].concat()
            }
        }
    }
}

/// Prediction at parameters that stay: fused once.
struct Prediction {
    gates: Vec<Gate>,
}

/// Largest resident set so far, bytes; by /proc.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("");
    1024 * line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0)
}

/// The compiler's version, told by who builds this.
const VERSION: &str = match option_env!("RUSTC_VERSION") {
    Some(version) => version,
    None => "unknown",
};

const TASKS: [&str; 5] = ["evaluate", "predict", "loss", "sample", "shots-step"];

/// What is set up.
struct Worker {
    workload: Workload,
    prediction: Option<Prediction>,
}

impl Worker {
    fn new(fields: &Value) -> Result<Worker, String> {
        let workload = Workload::new(fields)?;
        if !TASKS.contains(&workload.task.as_str()) {
            return Err(format!("no task {}", workload.task));
        }
        let predicts = workload.task == "predict";
        let prediction = predicts.then(|| Prediction { gates: workload.gates(&workload.parameters[0]) });
        Ok(Worker { workload, prediction })
    }

    fn call(&mut self, which: usize) -> Vec<f64> {
        match &self.prediction {
            None => self.workload.call(which),
            Some(Prediction { gates }) => {
                self.workload.run(gates, 0);
                vec![self.workload.measure(0)]
            }
        }
    }
}

fn reply(message: &Value, worker: &mut Option<Worker>) -> Result<Value, String> {
    let operation = message["op"].as_str().unwrap_or("");
    match operation {
        "hello" => return Ok(json!({ "versions": { "wai-quantum": "0.8.0", "rustc": VERSION } })),
        "memory" => return Ok(json!({ "bytes": memory() })),
        "setup" => {
            *worker = Some(Worker::new(&message["workload"])?);
            return Ok(json!({ "ok": true }));
        }
        _ => {}
    }
    let worker = worker.as_mut().ok_or("not set up")?;
    match operation {
        "answer" => {
            let values = [worker.call(0), worker.call(1)].concat();
            Ok(json!({ "values": values }))
        }
        "time" => {
            let calls = message["calls"].as_u64().unwrap_or(0) as usize;
            let start = Instant::now();
            for call in 0..calls {
                std::hint::black_box(worker.call(call & 1));
            }
            Ok(json!({ "ns": start.elapsed().as_nanos() as u64 }))
        }
        _ => Err(format!("unknown operation {operation}")),
    }
}

/// Answers until the input ends.
fn main() {
    let mut worker = None;
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let answer = serde_json::from_str(&line)
            .map_err(|error| error.to_string())
            .and_then(|message| reply(&message, &mut worker))
            .unwrap_or_else(|error| json!({ "error": error }));
        if writeln!(output, "{answer}").and_then(|()| output.flush()).is_err() {
            return;
        }
    }
}
