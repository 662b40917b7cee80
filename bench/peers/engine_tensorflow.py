"""TensorFlow/Keras's side of `npm run bench -- engine`; see engine_turns.py for how it is asked."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from engine_turns import CHANNELS, CLASSES, PLANES, read_job, take_turns


def conv_norm_relu(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def classifier(image, filters):
    x = image
    for count in filters:
        x = layers.MaxPooling2D(2)(conv_norm_relu(x, count))
    return layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(x))


def unet(image, filters):
    """Two convolutions a level, max pooling down, transposed convolutions up, skip connections."""
    double = lambda x, count: conv_norm_relu(conv_norm_relu(x, count), count)
    x, skips = image, []
    for level, count in enumerate(filters):
        x = double(layers.MaxPooling2D(2)(x) if level > 0 else x, count)
        skips.append(x)
    skips.pop()
    for count in filters[-2::-1]:
        grown = layers.Conv2DTranspose(count, 2, strides=2)(x)
        x = double(layers.Concatenate()([skips.pop(), grown]), count)
    return layers.Conv2D(PLANES, 1)(x)


def training(model, images, targets, jit_compile):
    optimizer = keras.optimizers.Adam(1e-3)
    loss_of = keras.losses.BinaryCrossentropy(from_logits=True)
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=jit_compile)
    def learn(x, y):
        with tf.GradientTape() as tape:
            loss = loss_of(y, model(x, training=True))
        slopes = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(slopes, model.trainable_variables))
        return loss

    return lambda: learn(images, targets).numpy()


def inference(model, images):
    infer = tf.function(lambda x: model(x, training=False))
    return lambda: infer(images).numpy()


def frozen_inference(model, images):
    """With the weights as constants of the graph, so that TensorFlow folds batch normalisation, as our export does."""
    infer = tf.function(lambda x: model(x, training=False)).get_concrete_function(images)
    frozen = convert_variables_to_constants_v2(infer)
    return lambda: frozen(images)[0].numpy()


def main():
    job = read_job()
    tf.config.threading.set_intra_op_parallelism_threads(job["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(1)
    filters, size, batch = job["network"]["filters"], job["size"], job["batch"]
    is_unet = job["network"]["kind"] == "unet"
    images = tf.random.uniform((batch, size, size, CHANNELS))
    shape = (batch, size, size, PLANES) if is_unet else (batch, CLASSES)
    targets = tf.cast(tf.random.uniform(shape) > 0.5, tf.float32)

    def build():
        image = keras.Input((size, size, CHANNELS))
        return keras.Model(image, unet(image, filters) if is_unet else classifier(image, filters))

    forms = (
        {
            "tf.function": lambda: training(build(), images, targets, jit_compile=False),
            "XLA": lambda: training(build(), images, targets, jit_compile=True),
        }
        if job["mode"] == "training"
        else {  # XLA was the slowest on every network
            "tf.function": lambda: inference(build(), images),
            "tf.function, frozen": lambda: frozen_inference(build(), images),
        }
    )
    parameters = sum(int(tf.size(weight)) for weight in build().trainable_weights)
    take_turns(tf.__version__, parameters, forms)


main()
