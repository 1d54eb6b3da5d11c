package io.rona.query.engine;

/**
 * How a recurrent layer goes from one place of a series to the next.
 *
 * <p>With \( x_t \) the channels at place \( t \), \( h_t \) the state behind it, \( h_0 = 0 \), \(
 * \sigma \) the logistic function and \( \odot \) the product entry by entry. Gates are in the
 * order of ONNX's operators.
 */
public enum RecurrentCell {
  /**
   * Long short-term memory (Hochreiter and Schmidhuber, 1997, Long Short-Term Memory) with a forget
   * gate (Gers, Schmidhuber and Cummins, 2000, Learning to Forget) and without peepholes, as
   * PyTorch's {@code nn.LSTM} with one vector of biases a gate, and ONNX's {@code LSTM}: \( i, o, f
   * = \sigma(W_{i,o,f} x_t + R_{i,o,f} h_{t-1} + b_{i,o,f}) \), \( g = \tanh(W_c x_t + R_c h_{t-1}
   * + b_c) \), \( c_t = f \odot c_{t-1} + i \odot g \) with \( c_0 = 0 \), \( h_t = o \odot \tanh
   * c_t \). The biases of the forget gate start at 1, all others at 0.
   */
  LSTM,

  /**
   * Gated recurrent unit (Cho et al., 2014, Learning Phrase Representations using RNN
   * Encoder-Decoder) with the reset gate behind the product of matrices, as PyTorch's {@code
   * nn.GRU} with one vector of biases for the first two gates, and ONNX's {@code GRU} with {@code
   * linear_before_reset = 1}: \( z, r = \sigma(W_{z,r} x_t + R_{z,r} h_{t-1} + b_{z,r}) \), \( n =
   * \tanh(W_n x_t + b_n + r \odot (R_n h_{t-1} + b'_n)) \), \( h_t = (1 - z) \odot n + z \odot
   * h_{t-1} \). All biases start at 0.
   */
  GRU
}
