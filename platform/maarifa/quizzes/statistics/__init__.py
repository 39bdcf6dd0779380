"""What the answers to questions say about the questions.

Which answers count: of each learner, the first attempt at the quiz that was submitted, if it counts (in time, or late
and accepted). Whoever tries again has read feedback, and lessons again for a few questions; what they answer then says
more about their memory than about the question, and learners who need many attempts would weigh most. All questions
that the attempt asked count; one that was left out has the score 0.

Scores are shares of the points, so that questions, and attempts that were asked other questions, can be compared. The
*rest score* of an answer is the share of points earned with the other questions of the same attempt.
"""
